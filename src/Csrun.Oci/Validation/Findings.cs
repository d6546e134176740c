namespace Csrun.Oci;

/// <summary>Collects mistakes and warnings, and has the checks that many properties share.</summary>
internal sealed class Findings(ICollection<ConfigMistake>? warnings)
{
    /// <summary>More mistakes than this in one configuration help nobody.</summary>
    private const int Limit = 1000;

    internal List<ConfigMistake> Mistakes { get; } = [];

    internal void Mistake(string path, string problem, string? fix = null)
    {
        if (Mistakes.Count < Limit)
        {
            Mistakes.Add(new ConfigMistake(path, problem, fix));
        }
    }

    internal void Warning(string path, string problem, string? fix = null)
    {
        if (warnings?.Count < Limit)
        {
            warnings.Add(new ConfigMistake(path, problem, fix));
        }
    }

    internal void Ignored(string path, string problem)
    {
        if (warnings?.Count < Limit)
        {
            warnings.Add(new ConfigMistake(path, problem, null) { IsIgnored = true });
        }
    }

    internal void NoNul(string path, string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            Mistake(path, "contains a NUL character", "remove it");
        }
    }

    /// <summary>A path that has to be there, and absolute unless told otherwise.</summary>
    internal void Path(string path, string value, bool mustBeAbsolute = true)
    {
        if (value.Length == 0)
        {
            Mistake(path, "missing, but required");
            return;
        }

        if (mustBeAbsolute && value[0] != '/')
        {
            Mistake(path, $"must be an absolute path, not {JsonPathText.Quote(value)}", "start it with /");
        }

        NoNul(path, value);
    }

    internal void Paths(string path, IReadOnlyList<string> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            Path($"{path}[{i}]", values[i]);
        }
    }

    /// <summary>One of a set of words, with a suggestion when it is none of them.</summary>
    internal void Word(string path, string value, string[] known, string what)
    {
        if (value.Length == 0)
        {
            Mistake(path, "missing, but required", known.Length <= 10 ? $"one of {string.Join(", ", known)}" : null);
        }
        else if (Array.IndexOf(known, value) < 0)
        {
            string? meant = Spelling.Closest(value, known);
            string? fix = meant is not null ? $"did you mean \"{meant}\"?" : known.Length <= 10 ? $"one of {string.Join(", ", known)}" : null;
            Mistake(path, $"{JsonPathText.Quote(value)} is not {what}", fix);
        }
    }

    internal void Words(string path, IReadOnlyList<string> values, string[] known, string what)
    {
        for (int i = 0; i < values.Count; i++)
        {
            Word($"{path}[{i}]", values[i], known, what);
        }
    }

    internal void Environment(string path, IReadOnlyList<string> entries)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i].IndexOf('=', StringComparison.Ordinal) <= 0)
            {
                Mistake($"{path}[{i}]", $"must be NAME=VALUE, not {JsonPathText.Quote(entries[i])}");
            }

            NoNul($"{path}[{i}]", entries[i]);
        }
    }
}
