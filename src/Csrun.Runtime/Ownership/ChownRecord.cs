using System.Globalization;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Ownership;

/// <summary>What the volume option <c>U</c> changed in one tree, and how to undo it. The one place that knows the record's format.</summary>
/// <remarks>
/// <para>A text file in <see cref="DirectoryIn"/>, named by device and inode of the tree's top (<see cref="FileName"/>), so that it is
/// found however the path is written, and after the tree was renamed. The first line is <c>csrun-chown 1</c>, the second
/// <c>path PATH</c> (where the tree lay), then one line a change: <c>OLDUID:OLDGID NEWUID:NEWGID PATH</c>, IDs of the host, the
/// path from the top (<c>.</c> is the top), with blanks, controls, bytes from 0x7f on and <c>%</c> written as <c>%XX</c>.</para>
/// <para>It is a journal: a line is in the file before the owner is changed, and a later run with <c>U</c> adds its own. A broken
/// last line, of a csrun that was killed, is skipped. Undoing goes from the last line to the first, and changes only what still
/// has the owner that the line gave it: <see cref="OwnerRestore"/>. Set-ID bits, which chown(2) clears, do not come back:
/// the container's user could have changed the file meanwhile.</para>
/// <para>To use it: <c>using SafeFd? file = ChownRecord.Open(caller.Roots.Data, top);</c> then <c>ChownRecord.Read(file)</c>, then
/// <see cref="OwnerRestore.Apply"/> in a process that may change these owners (root, or a worker in a user namespace with the
/// caller's IDs), then <see cref="Remove"/>.</para>
/// </remarks>
public sealed record ChownRecord(string Path, IReadOnlyList<ChownEntry> Entries)
{
    private const string Magic = "csrun-chown 1";
    private const int Limit = 1 << 30;

    /// <summary>The directory of the records, below a caller's data directory.</summary>
    public static string DirectoryIn(string data) => $"{data}/chowned";

    /// <summary>The record's name for a tree.</summary>
    /// <param name="top">What statx(2) says of the tree's top.</param>
    public static string FileName(in FileStat top) => string.Create(CultureInfo.InvariantCulture, $"{top.dev_major}-{top.dev_minor}-{top.ino}");

    /// <summary>Opens the record of a tree for reading; null where there is none.</summary>
    /// <param name="data">The caller's data directory.</param>
    /// <param name="top">The tree's top; O_PATH suffices.</param>
    public static SafeFd? Open(string data, SafeFd top)
    {
        SysResult opened = Sys.Openat2(null, PathOf(data, top), OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW);
        return opened.Ok ? new SafeFd(opened.Int) : null;
    }

    /// <summary>Opens the record of a tree to add to it; makes it, private to the caller, where there is none.</summary>
    /// <param name="data">The caller's data directory.</param>
    /// <param name="top">The tree's top.</param>
    /// <param name="path">Where the tree lies, for people.</param>
    public static SafeFd OpenToAppend(string data, SafeFd top, string path)
    {
        Sys.Mkdirat(null, data, 0x1c0);
        Sys.Mkdirat(null, DirectoryIn(data), 0x1c0);
        string name = PathOf(data, top);
        SafeFd file = Sys.Openat2(null, name, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_APPEND | OpenFlags.O_NOFOLLOW, 0x180).FdOrThrow("openat2", name);
        if (Sys.Statx(file, "\0"u8, out FileStat stat).Ok && stat.size == 0)
        {
            Sys.Write(file, Encoding.ASCII.GetBytes($"{Magic}\npath {Escape(Encoding.UTF8.GetBytes(path))}\n")).OrThrow("write", name);
        }

        return file;
    }

    /// <summary>Removes the record, once everything is undone.</summary>
    public static void Remove(string data, SafeFd top) => Sys.Unlinkat(null, PathOf(data, top));

    /// <summary>Reads a record.</summary>
    /// <exception cref="CsrunException">It is no record of this version.</exception>
    public static ChownRecord Read(SafeFd file)
    {
        byte[] content = SmallFile.ReadAll(file, Limit) ?? [];
        List<ChownEntry> entries = [];
        string path = "";
        int number = 0;
        ReadOnlySpan<byte> rest = content;
        // Only whole lines: the last one may be the torso that a killed csrun left.
        for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
        {
            string line = Encoding.ASCII.GetString(rest[..end]);
            if (number++ == 0)
            {
                if (line != Magic)
                {
                    throw new CsrunException("this record of changed owners cannot be read", $"it begins with \"{line}\", and this csrun knows \"{Magic}\"", "use the csrun that wrote it");
                }
            }
            else if (line.StartsWith("path ", StringComparison.Ordinal))
            {
                path = Encoding.UTF8.GetString(Unescape(line.AsSpan(5)));
            }
            else if (Entry(line) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return new ChownRecord(path, entries);
    }

    /// <summary>An entry as a line.</summary>
    internal static string Line(in ChownEntry entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{entry.OldUid}:{entry.OldGid} {entry.NewUid}:{entry.NewGid} {Escape(entry.Path)}\n");

    private static string PathOf(string data, SafeFd top)
    {
        Sys.Statx(top, "\0"u8, out FileStat stat).OrThrow("statx");
        return $"{DirectoryIn(data)}/{FileName(stat)}";
    }

    private static ChownEntry? Entry(string line)
    {
        string[] words = line.Split(' ');
        return words.Length == 3 && Ids(words[0], out uint oldUid, out uint oldGid) && Ids(words[1], out uint newUid, out uint newGid)
            ? new ChownEntry(Unescape(words[2]), oldUid, oldGid, newUid, newGid)
            : null;
    }

    private static bool Ids(string text, out uint uid, out uint gid)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        gid = 0;
        return IdNumber.TryParse(text.AsSpan(0, Math.Max(0, colon)), out uid) && IdNumber.TryParse(text.AsSpan(colon + 1), out gid);
    }

    private static string Escape(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        foreach (byte b in bytes)
        {
            _ = b is > 0x20 and < 0x7f and not (byte)'%' ? text.Append((char)b) : text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return text.ToString();
    }

    private static byte[] Unescape(ReadOnlySpan<char> text)
    {
        List<byte> bytes = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && byte.TryParse(text.Slice(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out byte b))
            {
                bytes.Add(b);
                i += 2;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }

        return [.. bytes];
    }
}
