using System.Text.Json;

namespace Csrun.Plan.SeccompProfiles;

/// <summary>Takes typed values out of a profile's JSON; null counts as absent, a wrong type is a mistake.</summary>
internal sealed class ProfileJson(SeccompConverter converter)
{
    /// <summary>Refuses names that come twice, of which parsers take different ones.</summary>
    internal bool IsObject(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            WrongType(path, element, "an object");
            return false;
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                converter.Mistake(path, $"{SeccompConverter.Quote(property.Name)} twice in one object", "remove one of them");
            }
        }

        return true;
    }

    internal bool Has(JsonElement parent, string name, out JsonElement value) =>
        parent.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    internal string Text(JsonElement parent, string path, string name)
    {
        if (!Has(parent, name, out JsonElement value))
        {
            return "";
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString()! : Wrong($"{path}.{name}", value, "a string", "");
    }

    internal IReadOnlyList<string> Texts(JsonElement parent, string path, string name)
    {
        List<string> texts = [];
        foreach ((JsonElement item, string at) in List(parent, path, name))
        {
            if (item.ValueKind == JsonValueKind.String)
            {
                texts.Add(item.GetString()!);
            }
            else
            {
                WrongType(at, item, "a string");
            }
        }

        return texts;
    }

    internal ulong? Number(JsonElement parent, string path, string name, ulong limit)
    {
        if (!Has(parent, name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong number) && number <= limit
            ? number
            : Wrong($"{path}.{name}", value, $"a whole number from 0 to {limit}", 0UL);
    }

    internal IEnumerable<(JsonElement Item, string Path)> List(JsonElement parent, string path, string name)
    {
        if (!Has(parent, name, out JsonElement list))
        {
            yield break;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            WrongType($"{path}.{name}", list, "a list");
            yield break;
        }

        int i = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            yield return (item, $"{path}.{name}[{i++}]");
        }
    }

    private T Wrong<T>(string path, JsonElement found, string expected, T instead)
    {
        WrongType(path, found, expected);
        return instead;
    }

    private void WrongType(string path, JsonElement found, string expected) =>
        converter.Mistake(path, $"must be {expected}, not {found.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => found.GetRawText() is { Length: <= 40 } number ? number : "a number",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "null",
        }}");
}
