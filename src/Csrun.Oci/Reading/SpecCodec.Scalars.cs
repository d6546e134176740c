using System.Text.Json;

namespace Csrun.Oci;

/// <content>Strings, booleans and integers.</content>
internal sealed partial class SpecCodec
{
    /// <summary>A string that is always written; the empty string when it is absent.</summary>
    internal string Text(string name, string value)
    {
        if (_writer is null)
        {
            return Take(name, out JsonElement found) ? ReadText(found, name) ?? value : value;
        }

        _writer.WriteString(name, value);
        return value;
    }

    /// <summary>A string that may be unset; the empty string counts as unset, as it does in Go's encoding.</summary>
    internal string? TextOrNull(string name, string? value)
    {
        if (_writer is null)
        {
            return Take(name, out JsonElement found) && ReadText(found, name) is { Length: > 0 } text ? text : value;
        }

        if (!string.IsNullOrEmpty(value))
        {
            _writer.WriteString(name, value);
        }

        return value;
    }

    /// <summary>A boolean; false when it is absent, and written only when true unless <paramref name="must"/>.</summary>
    internal bool Flag(string name, bool value, bool must = false)
    {
        if (_writer is null)
        {
            return FlagOrNull(name, null) ?? (must ? Missing(name, value) : value);
        }

        return FlagOrNull(name, value || must ? value : null) ?? value;
    }

    /// <summary>A boolean that may be unset.</summary>
    internal bool? FlagOrNull(string name, bool? value)
    {
        if (_writer is not null)
        {
            if (value is { } set)
            {
                _writer.WriteBoolean(name, set);
            }

            return value;
        }

        if (!Take(name, out JsonElement found))
        {
            return value;
        }

        if (found.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return found.GetBoolean();
        }

        bool quoted = found.ValueKind is JsonValueKind.String;
        WrongType(JsonPathText.Member(_path, name), found, "true or false", quoted ? "write it without quotes" : null);
        // A wrong value is not a missing one.
        return false;
    }

    /// <summary>An integer from 0 to 2^32-1 that is always written; required, unless told otherwise.</summary>
    internal uint UInt(string name, uint value, bool must = true) => (uint)(Integer(name, value, 0, uint.MaxValue, value, must) ?? value);

    /// <summary>An integer from 0 to 2^32-1 that may be unset.</summary>
    internal uint? UIntOrNull(string name, uint? value) => (uint?)Integer(name, value, 0, uint.MaxValue);

    /// <summary>An integer from 0 to 2^32-1; 0 when it is absent, and written only when not 0.</summary>
    internal uint UIntOrZero(string name, uint value) => (uint)(Integer(name, value == 0 ? null : value, 0, uint.MaxValue) ?? 0);

    /// <summary>An integer from 0 to 2^16-1 that may be unset.</summary>
    internal ushort? UShortOrNull(string name, ushort? value) => (ushort?)Integer(name, value, 0, ushort.MaxValue);

    /// <summary>A required integer from 0 to 2^64-1.</summary>
    internal ulong ULong(string name, ulong value) => (ulong)(Integer(name, value, 0, ulong.MaxValue, value, must: true) ?? value);

    /// <summary>An integer from 0 to 2^64-1 that may be unset.</summary>
    internal ulong? ULongOrNull(string name, ulong? value) => (ulong?)Integer(name, value, 0, ulong.MaxValue);

    /// <summary>An integer from 0 to 2^64-1; 0 when it is absent, and written only when not 0.</summary>
    internal ulong ULongOrZero(string name, ulong value) => (ulong)(Integer(name, value == 0 ? null : value, 0, ulong.MaxValue) ?? 0);

    /// <summary>A signed integer of 32 bits that is always written; required, unless told otherwise.</summary>
    internal int Int(string name, int value, bool must = true) => (int)(Integer(name, value, int.MinValue, int.MaxValue, value, must) ?? value);

    /// <summary>A signed integer of 32 bits that may be unset.</summary>
    internal int? IntOrNull(string name, int? value) => (int?)Integer(name, value, int.MinValue, int.MaxValue);

    /// <summary>A required signed integer of 64 bits.</summary>
    internal long Long(string name, long value) => (long)(Integer(name, value, long.MinValue, long.MaxValue, value, must: true) ?? value);

    /// <summary>A signed integer of 64 bits; 0 when it is absent, and written only when not 0.</summary>
    internal long LongOrZero(string name, long value) => (long)(Integer(name, value == 0 ? null : value, long.MinValue, long.MaxValue) ?? 0);

    /// <summary>A signed integer of 64 bits that may be unset.</summary>
    internal long? LongOrNull(string name, long? value) => (long?)Integer(name, value, long.MinValue, long.MaxValue);

    private Int128? Integer(string name, Int128? value, long low, ulong high, Int128 absent = default, bool must = false)
    {
        if (_writer is not null)
        {
            if (value is { } number)
            {
                WriteInteger(name, number);
            }

            return value;
        }

        if (!Take(name, out JsonElement found))
        {
            return must ? Missing(name, absent) : null;
        }

        return ReadInteger(found, JsonPathText.Member(_path, name), low, high) ?? (must ? absent : null);
    }

    private void WriteInteger(string name, Int128 number)
    {
        if (number < 0)
        {
            _writer!.WriteNumber(name, (long)number);
        }
        else
        {
            _writer!.WriteNumber(name, (ulong)number);
        }
    }

    private T Missing<T>(string name, T value)
    {
        Mistake(JsonPathText.Member(_path, name), "missing, but required");
        return value;
    }

    private Int128? ReadInteger(JsonElement element, string path, long low, ulong high)
    {
        if (element.ValueKind is JsonValueKind.Number)
        {
            Int128? number = element.TryGetInt64(out long signed) ? signed : element.TryGetUInt64(out ulong unsigned) ? unsigned : null;
            if (number >= low && number <= high)
            {
                return number;
            }
        }

        string? fix = element.ValueKind is JsonValueKind.String ? "write the number without quotes"
            : high == ulong.MaxValue && element.ValueKind is JsonValueKind.Number && element.GetRawText() == "-1" ? $"write {ulong.MaxValue} for unlimited"
            : null;
        WrongType(path, element, $"a whole number from {low} to {high}", fix);
        return null;
    }

    private string? ReadText(JsonElement element, string name) => ReadTextAt(element, JsonPathText.Member(_path, name));

    private string? ReadTextAt(JsonElement element, string path)
    {
        if (element.ValueKind is not JsonValueKind.String)
        {
            WrongType(path, element, "a string", element.ValueKind is JsonValueKind.Number ? "put it in double quotes" : null);
            return null;
        }

        try
        {
            string text = element.GetString()!;
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                // The kernel would see only what stands before it.
                Mistake(path, "contains a NUL character", "remove \\u0000");
                return null;
            }

            return text;
        }
        catch (InvalidOperationException)
        {
            Mistake(path, "contains half of a surrogate pair", "write the character itself, or both halves");
            return null;
        }
    }
}
