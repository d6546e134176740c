namespace Csrun.Linux.Accounts;

/// <summary>Goes through the lines of passwd(5), group(5) or subuid(5), without copying any.</summary>
/// <remarks>Comments and blank lines are left out, a carriage return before the end of a line is dropped.</remarks>
internal ref struct AccountLines
{
    /// <summary>The most that is read of one account file, in bytes; a file that is larger is refused, not cut.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first line.</summary>
    /// <param name="content">The file.</param>
    /// <param name="file">Its name, for the message.</param>
    /// <exception cref="CsrunException">The file has over <see cref="MaxBytes"/>.</exception>
    public AccountLines(ReadOnlySpan<byte> content, string file)
    {
        if (content.Length > MaxBytes)
        {
            throw new CsrunException($"\"{file}\" has {content.Length} bytes", $"csrun reads account files of up to {MaxBytes} bytes");
        }

        _rest = content;
    }

    /// <summary>The line, without its end.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>The line's number, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Goes to the next line that says something.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            int end = _rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            Number++;
            line = line.TrimEnd((byte)'\r');
            if (line.TrimStart(" \t"u8).IsEmpty || line[0] == '#')
            {
                continue;
            }

            Current = line;
            return true;
        }

        return false;
    }

    /// <summary>Takes the next field off a line; empty where there is none.</summary>
    /// <param name="rest">The line; afterwards what follows the field.</param>
    /// <param name="separator">What parts the fields.</param>
    public static ReadOnlySpan<byte> Field(scoped ref ReadOnlySpan<byte> rest, byte separator = (byte)':')
    {
        int end = rest.IndexOf(separator);
        ReadOnlySpan<byte> field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return field;
    }
}
