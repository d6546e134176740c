using System.Text.Json;

namespace Csrun.Oci;

/// <summary>Says what is wrong with a text that is not JSON, and where.</summary>
/// <remarks>
/// The exception's own message is not used: it names no column in characters, and an ahead-of-time binary without
/// resource strings has none.
/// </remarks>
internal static class JsonSyntax
{
    private const int DepthLimit = 64;

    internal static ConfigMistake Mistake(ReadOnlySpan<byte> json, JsonException error)
    {
        int offset = 0;
        for (long line = error.LineNumber ?? 0; line > 0; line--)
        {
            offset += json[offset..].IndexOf((byte)'\n') + 1;
        }

        offset = (int)Math.Min(offset + (error.BytePositionInLine ?? 0), json.Length);
        (string problem, string? fix) = Describe(json, ref offset);
        return new ConfigMistake("$", $"not valid JSON: {problem}", fix) { Position = JsonLocator.Position(json, offset) };
    }

    internal static ConfigMistake EncodingMistake(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("\uFEFF"u8))
        {
            return new ConfigMistake("$", "not valid JSON: it starts with a byte order mark", "save the file as UTF-8 without one")
            {
                Position = new TextPosition(1, 1),
            };
        }

        int offset = 0;
        while (System.Text.Rune.DecodeFromUtf8(json[offset..], out _, out int consumed) is System.Buffers.OperationStatus.Done)
        {
            offset += consumed;
        }

        return new ConfigMistake("$", $"not valid JSON: the byte 0x{json[offset]:x2} is not UTF-8", "save the file as UTF-8")
        {
            Position = JsonLocator.Position(json, offset),
        };
    }

    private static (string Problem, string? Fix) Describe(ReadOnlySpan<byte> json, ref int offset)
    {
        if (json.Trim(" \t\r\n"u8).IsEmpty)
        {
            return ("the file is empty", null);
        }

        if (offset >= json.Length)
        {
            return ("the file ends before its last object is closed", "add what is missing at the end");
        }

        // The reader stops at or just behind the culprit, after the token: step back over what came before it.
        byte at = json[offset];
        byte before = LastByte(json[..offset]);
        return at switch
        {
            (byte)'/' => ("comments are not allowed", "remove the comment"),
            (byte)']' or (byte)'}' when before == ',' => ("a comma before the closing bracket", "remove the last comma"),
            (byte)']' or (byte)'}' => ($"an unexpected '{(char)at}'", null),
            (byte)'{' or (byte)'[' when Depth(json[..offset]) >= DepthLimit => ($"nested deeper than {DepthLimit} levels", null),
            (byte)'\'' => ("single quotes", "write strings in double quotes"),
            (byte)'\n' or (byte)'\r' => ("a line break inside a string", "close the string, or write \\n"),
            < 0x20 => ($"the control character 0x{at:x2}", $"write \\u{(int)at:x4}"),
            (byte)'"' when before is (byte)'"' or (byte)'}' or (byte)']' || IsWord(before) =>
                ("a comma or colon is missing before this string", null),
            _ when IsWord(at) => ($"an unexpected {JsonPathText.Quote(Word(json[offset..]))}", "write names and strings in double quotes"),
            _ when at < 0x7f => ($"an unexpected '{(char)at}'", null),
            _ => ("an unexpected character", null),
        };
    }

    private static byte LastByte(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> trimmed = text.TrimEnd(" \t\r\n"u8);
        return trimmed.IsEmpty ? (byte)0 : trimmed[^1];
    }

    private static bool IsWord(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'-' or (byte)'.' or (byte)'+';

    private static string Word(ReadOnlySpan<byte> text)
    {
        int end = 0;
        while (end < text.Length && end < 40 && IsWord(text[end]))
        {
            end++;
        }

        return System.Text.Encoding.ASCII.GetString(text[..end]);
    }

    private static int Depth(ReadOnlySpan<byte> text)
    {
        int depth = 0;
        bool inString = false;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if (inString)
            {
                inString = b != '"';
                i += b == '\\' ? 1 : 0;
            }
            else
            {
                inString = b == '"';
                depth += b is (byte)'{' or (byte)'[' ? 1 : b is (byte)'}' or (byte)']' ? -1 : 0;
            }
        }

        return depth;
    }
}
