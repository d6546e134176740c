using Csrun.Images.Tar;

namespace Csrun.Images.Unpacking;

/// <summary>A name of the archive as a path below the root: no leading or doubled slash, no <c>.</c>, never <c>..</c>.</summary>
/// <remarks>As GNU tar: a leading <c>/</c> is dropped; a name with a <c>..</c> component is refused, since nothing
/// honest has one and dropping it would put the file somewhere else.</remarks>
internal readonly ref struct EntryPath
{
    private EntryPath(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> name)
    {
        Parent = parent;
        Name = name;
    }

    /// <summary>The directory above, without a slash at either end; empty for the root.</summary>
    internal ReadOnlySpan<byte> Parent { get; }

    /// <summary>The last component with a terminating zero; empty when the path is the root itself.</summary>
    internal ReadOnlySpan<byte> Name { get; }

    /// <summary>Whether the path is the root itself.</summary>
    internal bool IsRoot => Name.IsEmpty;

    /// <summary>Reads <paramref name="raw"/>.</summary>
    /// <param name="raw">The name, as in the archive.</param>
    /// <param name="buffer">Takes the path; at least as long as the limit on names, plus one.</param>
    /// <param name="limits">What is too long or too deep.</param>
    /// <param name="entry">The entry, for messages.</param>
    /// <param name="what">"name" or "hard link target".</param>
    internal static EntryPath Parse(ReadOnlySpan<byte> raw, Span<byte> buffer, TarLimits limits, TarEntry entry, string what)
    {
        if (raw.Length >= limits.NameLength)
        {
            throw Refused(entry, $"its {what} has {raw.Length} bytes, the limit is {limits.NameLength - 1}");
        }

        if (raw.IsEmpty)
        {
            throw Refused(entry, $"its {what} is empty");
        }

        if (raw.Contains((byte)0))
        {
            throw Refused(entry, $"its {what} contains a zero byte");
        }

        int length = 0;
        int last = 0;
        int depth = 0;
        while (!raw.IsEmpty)
        {
            int slash = raw.IndexOf((byte)'/');
            ReadOnlySpan<byte> component = slash < 0 ? raw : raw[..slash];
            raw = slash < 0 ? [] : raw[(slash + 1)..];
            if (component.IsEmpty || component is [(byte)'.'])
            {
                continue;
            }

            if (component is [(byte)'.', (byte)'.'])
            {
                throw Refused(entry, $"its {what} contains \"..\", which would leave the root file system");
            }

            if (++depth > limits.PathDepth)
            {
                throw Refused(entry, $"its {what} is more than {limits.PathDepth} directories deep");
            }

            if (length > 0)
            {
                buffer[length++] = (byte)'/';
            }

            last = length;
            component.CopyTo(buffer[length..]);
            length += component.Length;
        }

        buffer[length] = 0;
        return length == 0 ? default : new EntryPath(last == 0 ? [] : buffer[..(last - 1)], buffer[last..(length + 1)]);
    }

    private static TarFormatException Refused(TarEntry entry, string why) =>
        new($"entry \"{entry.DisplayName}\" is refused", why, "do not use this archive: an honest root file system has no such entry", entry.Offset);
}
