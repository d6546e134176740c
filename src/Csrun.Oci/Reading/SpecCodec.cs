using System.Text.Json;

namespace Csrun.Oci;

/// <summary>
/// Binds JSON to records or writes records as JSON, driven by the same tables (<see cref="SpecTables"/>): a table names
/// each property of a record once, with the old value, and gets the value to keep. While reading, that is the one of the
/// document; while writing, the old one, which is written on the way.
/// </summary>
internal sealed partial class SpecCodec
{
    /// <summary>More mistakes than this in one file help nobody and cost memory.</summary>
    private const int MistakeLimit = 1000;

    private readonly Utf8JsonWriter? _writer;
    private readonly List<ConfigMistake> _mistakes = [];
    private readonly List<ConfigMistake> _warnings = [];

    // The open objects' properties and the names their tables asked for, each object's after its parent's.
    private readonly List<Member> _members = [];
    private readonly List<string> _known = [];
    private int _firstMember;
    private string _path = "$";

    /// <summary>For reading.</summary>
    internal SpecCodec(List<ConfigMistake> mistakes, List<ConfigMistake> warnings)
    {
        _mistakes = mistakes;
        _warnings = warnings;
    }

    /// <summary>For writing.</summary>
    internal SpecCodec(Utf8JsonWriter writer) => _writer = writer;

    internal Spec? Read(JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object)
        {
            WrongType("$", root, "an object");
            return null;
        }

        return ReadObject<Spec>(root, "$", SpecTables.Spec);
    }

    internal void Write(Spec spec) => WriteObject(spec, SpecTables.Spec);

    private T ReadObject<T>(JsonElement element, string path, Func<SpecCodec, T, T> table)
        where T : new()
    {
        (string outerPath, int outerFirst, int firstKnown) = (_path, _firstMember, _known.Count);
        _path = path;
        _firstMember = _members.Count;
        Enter(element);
        T value = table(this, new T());
        ReportUnknown(firstKnown);
        _members.RemoveRange(_firstMember, _members.Count - _firstMember);
        _known.RemoveRange(firstKnown, _known.Count - firstKnown);
        (_path, _firstMember) = (outerPath, outerFirst);
        return value;
    }

    private void WriteObject<T>(T value, Func<SpecCodec, T, T> table)
    {
        _writer!.WriteStartObject();
        table(this, value);
        _writer.WriteEndObject();
    }

    /// <summary>Notes the properties of an object, refusing names that come twice.</summary>
    private void Enter(JsonElement element)
    {
        DuplicateFinder names = new();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (NameOf(property, _path) is not { } name)
            {
                continue;
            }

            if (names.Add(name))
            {
                _members.Add(new Member(name, property.Value));
            }
            else
            {
                Duplicate(JsonPathText.Member(_path, name));
            }
        }
    }

    /// <summary>Takes a property out of the open object; JSON null counts as absent.</summary>
    private bool Take(string name, out JsonElement value)
    {
        _known.Add(name);
        for (int i = _firstMember; i < _members.Count; i++)
        {
            Member member = _members[i];
            if (!member.Taken && member.Name == name)
            {
                _members[i] = member with { Taken = true };
                value = member.Value;
                return value.ValueKind is not JsonValueKind.Null;
            }
        }

        value = default;
        return false;
    }

    /// <summary>What no table asked for: ignored, but duplicates inside are refused and likely misspellings are warned of.</summary>
    private void ReportUnknown(int firstKnown)
    {
        for (int i = _firstMember; i < _members.Count; i++)
        {
            Member member = _members[i];
            if (member.Taken)
            {
                continue;
            }

            string path = JsonPathText.Member(_path, member.Name);
            if (Spelling.Closest(member.Name, _known.GetRange(firstKnown, _known.Count - firstKnown)) is { } meant
                && _warnings.Count < MistakeLimit)
            {
                _warnings.Add(new ConfigMistake(path, "unknown property, ignored", $"did you mean \"{meant}\"?") { IsIgnored = true });
            }

            FindDuplicates(member.Value, path);
        }
    }

    private void FindDuplicates(JsonElement element, string path)
    {
        if (element.ValueKind is JsonValueKind.Object)
        {
            DuplicateFinder names = new();
            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (NameOf(property, path) is { } name)
                {
                    string memberPath = JsonPathText.Member(path, name);
                    if (!names.Add(name))
                    {
                        Duplicate(memberPath);
                    }

                    FindDuplicates(property.Value, memberPath);
                }
            }
        }
        else if (element.ValueKind is JsonValueKind.Array)
        {
            int index = 0;
            foreach (JsonElement item in element.EnumerateArray())
            {
                if (item.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                {
                    FindDuplicates(item, JsonPathText.Item(path, index));
                }

                index++;
            }
        }
    }

    private void Duplicate(string path) =>
        // Parsers differ in which of the two they take, so a configuration could mean one thing to a checker and another here.
        Mistake(path, "the same name twice in one object", "remove one of them");

    private void Mistake(string path, string problem, string? fix = null)
    {
        if (_mistakes.Count < MistakeLimit)
        {
            _mistakes.Add(new ConfigMistake(path, problem, fix));
        }
    }

    private void WrongType(string path, JsonElement found, string expected, string? fix = null) =>
        Mistake(path, $"must be {expected}, not {Describe(found)}", fix);

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => element.GetRawText() is { Length: <= 40 } number ? number : "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    /// <summary>The name of a property; null, and a mistake, where it is no text.</summary>
    private string? NameOf(JsonProperty property, string path)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            Mistake(path, "a property name with half of a surrogate pair", "write the character itself, or both halves");
            return null;
        }
    }

    private readonly record struct Member(string Name, JsonElement Value, bool Taken = false);
}
