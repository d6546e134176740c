using System.Text.Json;

namespace Csrun.Oci;

/// <summary>Gives mistakes their line and column, by walking the text once more. Only run when there are mistakes.</summary>
internal static class JsonLocator
{
    internal static void Locate(ReadOnlySpan<byte> json, List<ConfigMistake> mistakes, List<ConfigMistake> warnings)
    {
        Dictionary<string, long> wanted = [];
        Want(mistakes, wanted);
        Want(warnings, wanted);
        Walk(json, wanted);
        Place(json, mistakes, wanted);
        Place(json, warnings, wanted);
    }

    /// <summary>Turns a byte offset into line and column.</summary>
    internal static TextPosition Position(ReadOnlySpan<byte> json, long offset)
    {
        ReadOnlySpan<byte> before = json[..(int)Math.Min(offset, json.Length)];
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        int characters = 0;
        foreach (byte b in before[lineStart..])
        {
            // Continuation bytes of UTF-8 begin no character.
            characters += (b & 0xc0) == 0x80 ? 0 : 1;
        }

        return new TextPosition(before.Count((byte)'\n') + 1, characters + 1);
    }

    /// <summary>Notes the paths, and their parents, for what is missing has no place of its own.</summary>
    private static void Want(List<ConfigMistake> mistakes, Dictionary<string, long> wanted)
    {
        foreach (ConfigMistake mistake in mistakes)
        {
            for (string? path = mistake.JsonPath; path is not null && wanted.TryAdd(path, -1); path = JsonPathText.Parent(path))
            {
            }
        }
    }

    private static void Place(ReadOnlySpan<byte> json, List<ConfigMistake> mistakes, Dictionary<string, long> found)
    {
        // Each position is counted from the start of the file, so a hostile file gets only a hundred of them.
        for (int i = 0; i < Math.Min(mistakes.Count, 100); i++)
        {
            for (string? path = mistakes[i].JsonPath; path is not null; path = JsonPathText.Parent(path))
            {
                if (found.TryGetValue(path, out long offset) && offset >= 0)
                {
                    mistakes[i] = mistakes[i] with { Position = Position(json, offset) };
                    break;
                }
            }
        }
    }

    /// <summary>Fills in the offsets of the wanted paths' values; of a duplicate name, the last one's.</summary>
    private static void Walk(ReadOnlySpan<byte> json, Dictionary<string, long> wanted)
    {
        Utf8JsonReader reader = new(json);
        List<Level> levels = [];
        string path = "$";
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName)
            {
                path = JsonPathText.Member(levels[^1].Path, NameOf(ref reader));
                continue;
            }

            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                levels.RemoveAt(levels.Count - 1);
                continue;
            }

            if (levels.Count > 0 && levels[^1] is { IsArray: true } array)
            {
                path = JsonPathText.Item(array.Path, array.Next);
                levels[^1] = array with { Next = array.Next + 1 };
            }

            if (wanted.ContainsKey(path))
            {
                wanted[path] = reader.TokenStartIndex;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                // A subtree nothing is wanted of is skipped without making a path for each of its values.
                if (wanted.ContainsKey(path))
                {
                    levels.Add(new Level(path, reader.TokenType is JsonTokenType.StartArray, 0));
                }
                else
                {
                    reader.Skip();
                }
            }
        }
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private readonly record struct Level(string Path, bool IsArray, int Next);
}
