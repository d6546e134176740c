using System.Text.Json;

namespace Csrun.Oci;

/// <content>Objects, lists and maps.</content>
internal sealed partial class SpecCodec
{
    /// <summary>An object that may be unset.</summary>
    internal T? ObjectOrNull<T>(string name, T? value, Func<SpecCodec, T, T> table)
        where T : class, new()
    {
        if (_writer is not null)
        {
            if (value is not null)
            {
                _writer.WritePropertyName(name);
                WriteObject(value, table);
            }

            return value;
        }

        return Take(name, JsonValueKind.Object, "an object", out JsonElement found, out string path)
            ? ReadObject(found, path, table)
            : value;
    }

    /// <summary>A list of objects; written unless it is empty.</summary>
    internal IReadOnlyList<T> List<T>(string name, IReadOnlyList<T> value, Func<SpecCodec, T, T> table)
        where T : new()
    {
        if (_writer is not null)
        {
            if (value.Count > 0)
            {
                _writer.WriteStartArray(name);
                foreach (T item in value)
                {
                    WriteObject(item, table);
                }

                _writer.WriteEndArray();
            }

            return value;
        }

        if (!Take(name, JsonValueKind.Array, "a list", out JsonElement found, out string path))
        {
            return value;
        }

        List<T> items = new(found.GetArrayLength());
        int index = 0;
        foreach (JsonElement element in found.EnumerateArray())
        {
            string itemPath = JsonPathText.Item(path, index++);
            if (element.ValueKind is JsonValueKind.Object)
            {
                items.Add(ReadObject(element, itemPath, table));
            }
            else
            {
                // Kept as an empty one, so that the indices of later mistakes stay those of the document.
                WrongType(itemPath, element, "an object");
                items.Add(new T());
            }
        }

        return items;
    }

    /// <summary>A list of strings; written unless it is empty.</summary>
    internal IReadOnlyList<string> Texts(string name, IReadOnlyList<string> value)
    {
        if (_writer is not null)
        {
            if (value.Count > 0)
            {
                _writer.WriteStartArray(name);
                foreach (string item in value)
                {
                    _writer.WriteStringValue(item);
                }

                _writer.WriteEndArray();
            }

            return value;
        }

        if (!Take(name, JsonValueKind.Array, "a list of strings", out JsonElement found, out string path))
        {
            return value;
        }

        string[] items = new string[found.GetArrayLength()];
        int index = 0;
        foreach (JsonElement element in found.EnumerateArray())
        {
            items[index] = ReadTextAt(element, JsonPathText.Item(path, index)) ?? "";
            index++;
        }

        return items;
    }

    /// <summary>A list of integers from 0 to 2^32-1; written unless it is empty.</summary>
    internal IReadOnlyList<uint> UInts(string name, IReadOnlyList<uint> value)
    {
        if (_writer is not null)
        {
            if (value.Count > 0)
            {
                _writer.WriteStartArray(name);
                foreach (uint item in value)
                {
                    _writer.WriteNumberValue(item);
                }

                _writer.WriteEndArray();
            }

            return value;
        }

        if (!Take(name, JsonValueKind.Array, "a list of whole numbers", out JsonElement found, out string path))
        {
            return value;
        }

        uint[] items = new uint[found.GetArrayLength()];
        int index = 0;
        foreach (JsonElement element in found.EnumerateArray())
        {
            items[index] = (uint)(ReadInteger(element, JsonPathText.Item(path, index), 0, uint.MaxValue) ?? 0);
            index++;
        }

        return items;
    }

    /// <summary>A map from names to strings, in the document's order; written unless it is empty.</summary>
    internal IReadOnlyDictionary<string, string> TextMap(string name, IReadOnlyDictionary<string, string> value) =>
        MapOf(name, value, "an object of strings", static (codec, element, path) => codec.ReadTextAt(element, path), static (codec, item) => codec._writer!.WriteStringValue(item));

    /// <summary>A map from names to objects, in the document's order; written unless it is empty.</summary>
    internal IReadOnlyDictionary<string, T> Map<T>(string name, IReadOnlyDictionary<string, T> value, Func<SpecCodec, T, T> table)
        where T : class, new() =>
        MapOf(name, value, "an object of objects", (codec, element, path) => codec.ReadItem(element, path, table), (codec, item) => codec.WriteObject(item, table));

    private IReadOnlyDictionary<string, T> MapOf<T>(
        string name, IReadOnlyDictionary<string, T> value, string kind, Func<SpecCodec, JsonElement, string, T?> read, Action<SpecCodec, T> write)
        where T : class
    {
        if (_writer is not null)
        {
            if (value.Count > 0)
            {
                _writer.WriteStartObject(name);
                foreach ((string key, T item) in value)
                {
                    _writer.WritePropertyName(key);
                    write(this, item);
                }

                _writer.WriteEndObject();
            }

            return value;
        }

        if (!Take(name, JsonValueKind.Object, kind, out JsonElement found, out string path))
        {
            return value;
        }

        Dictionary<string, T> items = new(StringComparer.Ordinal);
        DuplicateFinder names = new();
        foreach (JsonProperty property in found.EnumerateObject())
        {
            if (NameOf(property, path) is not { } key)
            {
                continue;
            }

            string itemPath = JsonPathText.Member(path, key);
            if (!names.Add(key))
            {
                Duplicate(itemPath);
            }
            else if (key.Contains('\0', StringComparison.Ordinal))
            {
                Mistake(itemPath, "the name contains a NUL character", "remove \\u0000");
            }
            else if (read(this, property.Value, itemPath) is { } item)
            {
                items.Add(key, item);
            }
        }

        return items;
    }

    private T? ReadItem<T>(JsonElement element, string path, Func<SpecCodec, T, T> table)
        where T : class, new()
    {
        if (element.ValueKind is JsonValueKind.Object)
        {
            return ReadObject(element, path, table);
        }

        WrongType(path, element, "an object");
        return null;
    }

    private bool Take(string name, JsonValueKind kind, string expected, out JsonElement found, out string path)
    {
        path = "";
        if (!Take(name, out found))
        {
            return false;
        }

        path = JsonPathText.Member(_path, name);
        if (found.ValueKind == kind)
        {
            return true;
        }

        string? fix = kind is JsonValueKind.Array && found.ValueKind is JsonValueKind.String or JsonValueKind.Object ? "put it in [ ]" : null;
        WrongType(path, found, expected, fix);
        FindDuplicates(found, path);
        return false;
    }
}
