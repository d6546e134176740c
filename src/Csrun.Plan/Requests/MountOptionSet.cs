using System.Collections.Immutable;

namespace Csrun.Plan.Requests;

/// <summary>Collects the mount options of one volume in the spelling of the runtime-spec and refuses contradictions.</summary>
/// <remarks>OCI runtime-spec, config.md, "Linux mount options".</remarks>
internal sealed class MountOptionSet(string option, string whole)
{
    // Each group answers one question; two answers are a mistake.
    private static readonly string[][] s_choices =
    [
        ["ro", "rw"],
        ["rbind", "bind"],
        ["nosuid", "suid"],
        ["nodev", "dev"],
        ["noexec", "exec"],
        ["private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable", "runbindable"],
    ];

    private readonly string?[] _chosen = new string?[s_choices.Length];

    internal bool ReadOnly => _chosen[0] == "ro";

    internal bool Recursive => _chosen[1] != "bind";

    internal string? Propagation => _chosen[5];

    /// <summary>Whether <paramref name="word"/> is a mount option at all; takes it when it is.</summary>
    internal bool TryAdd(string word)
    {
        for (int i = 0; i < s_choices.Length; i++)
        {
            if (Array.IndexOf(s_choices[i], word) < 0)
            {
                continue;
            }

            if (_chosen[i] is { } earlier && earlier != word)
            {
                throw OptionValue.Wrong(option, whole, $"{earlier} and {word} contradict each other", "keep one of the two");
            }

            _chosen[i] = word;
            return true;
        }

        return false;
    }

    /// <summary>The options for a mount of type bind: Docker's defaults (rbind, rprivate) where nothing was said.</summary>
    /// <param name="readOnlyBelow">Whether <c>ro</c> holds for the mounts below the source too, as in Docker since version 25.</param>
    internal ImmutableArray<string> ForBind(bool readOnlyBelow)
    {
        ImmutableArray<string>.Builder options = ImmutableArray.CreateBuilder<string>(8);
        options.Add(_chosen[1] ?? "rbind");
        options.Add(Propagation ?? "rprivate");
        if (_chosen[0] is { } access)
        {
            options.Add(access);
        }

        if (ReadOnly && Recursive && readOnlyBelow)
        {
            options.Add("rro");
        }

        for (int i = 2; i < 5; i++)
        {
            if (_chosen[i] is { } word)
            {
                options.Add(word);
            }
        }

        return options.ToImmutable();
    }
}
