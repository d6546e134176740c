using System.Text;

namespace Csrun.Images.Tar;

/// <summary>One member of an archive, with what long-name and PAX headers add already merged in.</summary>
/// <remarks>Names are bytes, as in the archive and as for the kernel: System.Formats.Tar decodes them as UTF-8 and
/// replaces what is none (docs/adr/0010-tar-reader.md).</remarks>
public sealed class TarEntry
{
    private readonly List<TarXattr> _xattrs = [];
    private readonly List<SparseExtent> _extents = [];

    /// <summary>The name as the archive spells it, without a terminating zero.</summary>
    public byte[] Name { get; internal set; } = [];

    /// <summary>The target of a hard or symbolic link, as the archive spells it.</summary>
    public byte[] LinkName { get; internal set; } = [];

    /// <summary>What kind of member it is.</summary>
    public TarType Type { get; internal set; }

    /// <summary>Permission bits with set-ID and sticky bits, 07777 at most.</summary>
    public uint Mode { get; internal set; }

    /// <summary>The owner, an ID inside the container.</summary>
    public uint Uid { get; internal set; }

    /// <summary>The group, an ID inside the container.</summary>
    public uint Gid { get; internal set; }

    /// <summary>The size of the file that comes out, holes included, in bytes.</summary>
    public long Size { get; internal set; }

    /// <summary>Modification time in seconds since 1970, UTC.</summary>
    public long MtimeSeconds { get; internal set; }

    /// <summary>The fraction of the modification time, 0 to 999,999,999.</summary>
    public uint MtimeNanoseconds { get; internal set; }

    /// <summary>Major number of a device.</summary>
    public uint DevMajor { get; internal set; }

    /// <summary>Minor number of a device.</summary>
    public uint DevMinor { get; internal set; }

    /// <summary>Where the member's header starts in the decompressed archive, in bytes.</summary>
    public long Offset { get; internal set; }

    /// <summary>Whether the file has holes; then <see cref="Extents"/> says where the data goes.</summary>
    public bool IsSparse { get; internal set; }

    /// <summary>The stretches of a sparse file that hold data, ascending, without overlap.</summary>
    public IReadOnlyList<SparseExtent> Extents => _extents;

    /// <summary>Extended attributes.</summary>
    public IReadOnlyList<TarXattr> Xattrs => _xattrs;

    /// <summary>Keywords of PAX headers that were understood to carry metadata csrun does not keep (ACLs in text form).</summary>
    public int IgnoredAcls { get; internal set; }

    /// <summary>The name for a message: what is not printable is escaped.</summary>
    public string DisplayName => Display(Name);

    /// <summary>Bytes of a name for a message: UTF-8 where it is, control characters and stray bytes as <c>\xNN</c>.</summary>
    public static string Display(ReadOnlySpan<byte> name)
    {
        const int Longest = 200;
        StringBuilder text = new(Math.Min(name.Length, Longest) + 8);
        while (!name.IsEmpty)
        {
            if (text.Length > Longest)
            {
                return text.Append('…').ToString();
            }

            bool valid = Rune.DecodeFromUtf8(name, out Rune rune, out int used) == System.Buffers.OperationStatus.Done;
            if (valid && !Rune.IsControl(rune))
            {
                text.Append(rune.ToString());
            }
            else
            {
                for (int i = 0; i < used; i++)
                {
                    text.Append($"\\x{name[i]:x2}");
                }
            }

            name = name[used..];
        }

        return text.ToString();
    }

    internal List<SparseExtent> MutableExtents => _extents;

    internal List<TarXattr> MutableXattrs => _xattrs;

    internal void Reset(long offset)
    {
        Name = [];
        LinkName = [];
        Type = default;
        Mode = Uid = Gid = DevMajor = DevMinor = MtimeNanoseconds = 0;
        Size = MtimeSeconds = 0;
        IgnoredAcls = 0;
        IsSparse = false;
        Offset = offset;
        _extents.Clear();
        _xattrs.Clear();
    }
}
