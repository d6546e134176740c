using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Csrun.Linux.Abi;

namespace Csrun.Linux.Seccomp;

/// <summary>The layout of a cached filter: a header of 56 bytes, the program, the library's path, the notes.</summary>
internal static class SeccompCacheFile
{
    /// <summary>Counts up when the layout or what the compiler makes of a profile changes.</summary>
    internal const uint Version = 1;

    /// <summary>More than the largest program and many notes need.</summary>
    internal const int MaxSize = 256 * 1024;

    private const int HeaderSize = 56;
    private const int ChecksumOffset = 48;

    private static ReadOnlySpan<byte> Magic => "CSRUNBPF"u8;

    /// <summary>The bytes to write.</summary>
    /// <param name="key">The file's name; part of the checksum, so that a renamed file is no hit.</param>
    /// <param name="filter">What to keep.</param>
    /// <param name="library">Which library compiled it.</param>
    internal static byte[] Encode(string key, SeccompFilter filter, LibraryStamp library)
    {
        byte[] path = Encoding.UTF8.GetBytes(library.Path);
        byte[] notes = Encoding.UTF8.GetBytes(string.Join('\n', filter.Notes));
        byte[] file = new byte[HeaderSize + filter.Program.Length + path.Length + notes.Length];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(12), (uint)filter.Program.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), (uint)path.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), (uint)notes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(24), (uint)filter.Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), library.Inode);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(40), library.ModifiedSeconds);
        filter.Program.Span.CopyTo(file.AsSpan(HeaderSize));
        path.CopyTo(file, HeaderSize + filter.Program.Length);
        notes.CopyTo(file, HeaderSize + filter.Program.Length + path.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(ChecksumOffset), Checksum(key, file));
        return file;
    }

    /// <summary>Reads a file; false when it is not one of this version for this key, whole and unchanged.</summary>
    internal static bool TryDecode(string key, ReadOnlySpan<byte> file, out SeccompFilter? filter, out LibraryStamp library)
    {
        filter = null;
        library = default;
        if (file.Length is < HeaderSize or > MaxSize
            || !file.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(file[8..]) != Version
            || BinaryPrimitives.ReadUInt64LittleEndian(file[ChecksumOffset..]) != Checksum(key, file))
        {
            return false;
        }

        uint program = BinaryPrimitives.ReadUInt32LittleEndian(file[12..]);
        uint path = BinaryPrimitives.ReadUInt32LittleEndian(file[16..]);
        uint notes = BinaryPrimitives.ReadUInt32LittleEndian(file[20..]);
        if ((ulong)HeaderSize + program + path + notes != (ulong)file.Length
            || program == 0
            || program % SeccompFilter.InstructionSize != 0
            || program > SeccompFilter.MaxInstructions * SeccompFilter.InstructionSize)
        {
            return false;
        }

        ReadOnlySpan<byte> body = file[HeaderSize..];
        library = new LibraryStamp(
            Encoding.UTF8.GetString(body.Slice((int)program, (int)path)),
            BinaryPrimitives.ReadUInt64LittleEndian(file[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(file[40..]));
        ReadOnlySpan<byte> text = body[(int)(program + path)..];
        ImmutableArray<string> lines = text.IsEmpty ? [] : [.. Encoding.UTF8.GetString(text).Split('\n')];
        filter = new SeccompFilter(
            body[..(int)program].ToArray(), (SeccompFilterFlags)BinaryPrimitives.ReadUInt32LittleEndian(file[24..]), lines);
        return true;
    }

    // FNV-1a over words of 64 bits, which is eight times as fast as over bytes: against torn writes and bad disks. Who may
    // write the file may load filters of his own anyway.
    private static ulong Checksum(string key, ReadOnlySpan<byte> file)
    {
        ulong hash = 0xcbf29ce484222325;
        foreach (char c in key)
        {
            hash = Mix(hash, c);
        }

        // The checksum's own place is left out.
        hash = Words(hash, file[..ChecksumOffset]);
        hash = Words(hash, file[HeaderSize..]);
        return Mix(hash, (ulong)file.Length);
    }

    private static ulong Words(ulong hash, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte b in bytes)
        {
            hash = Mix(hash, b);
        }

        return hash;
    }

    // A product only carries upwards; the shift brings the upper half back down, so that no bit's change is lost.
    private static ulong Mix(ulong hash, ulong value)
    {
        const ulong Prime = 0x100000001b3;
        hash = (hash ^ value) * Prime;
        return hash ^ (hash >> 32);
    }
}
