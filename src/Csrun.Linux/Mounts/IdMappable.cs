using System.Collections.Frozen;

namespace Csrun.Linux.Mounts;

/// <summary>Which file systems can be ID-mapped since which Linux. What the kernel at hand does is found by trying.</summary>
/// <remarks>mount_setattr(2), "ID-mapped mounts", of man-pages 6.9.1; fuse and virtiofs: the kernel's own log for 6.12.</remarks>
public static class IdMappable
{
    private static readonly FrozenDictionary<string, KernelVersion> s_since = new Dictionary<string, KernelVersion>(StringComparer.Ordinal)
    {
        ["ext4"] = new(5, 12),
        ["ext3"] = new(5, 12), // the ext4 driver's other names
        ["ext2"] = new(5, 12),
        ["xfs"] = new(5, 12),
        ["vfat"] = new(5, 12),
        ["msdos"] = new(5, 12),
        ["btrfs"] = new(5, 15),
        ["ntfs3"] = new(5, 15),
        ["f2fs"] = new(5, 18),
        ["erofs"] = new(5, 19),
        ["squashfs"] = new(6, 2),
        ["tmpfs"] = new(6, 3),
        ["ceph"] = new(6, 7),
        ["hugetlbfs"] = new(6, 9),
        ["fuse"] = new(6, 12),
        ["fuseblk"] = new(6, 12),
        ["virtiofs"] = new(6, 12),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The first Linux that can map the file system; null where no version is known.</summary>
    /// <param name="type">The type as mountinfo has it; a subtype after the dot does not count.</param>
    public static KernelVersion? Since(string type) => s_since.TryGetValue(Plain(type), out KernelVersion since) ? since : null;

    /// <summary>Why a file system cannot be mapped that this kernel has answered EINVAL for.</summary>
    /// <param name="type">The type as mountinfo has it.</param>
    /// <param name="kernel">The kernel.</param>
    public static string WhyNot(string type, KernelVersion kernel) => Plain(type) switch
    {
        "overlay" => "an overlay cannot be ID-mapped as a whole; its lower directories can, before they are stacked (since Linux 5.19)",
        "fuse" or "fuseblk" when kernel.IsAtLeast(6, 12) => $"the program that serves this {type} does not offer it (FUSE_ALLOW_IDMAP, since Linux 6.12)",
        string plain when Since(plain) is { } since && kernel < since => $"{type} can be ID-mapped since Linux {since}, and this is {kernel}",
        string plain when Since(plain) is not null => $"{type} can be ID-mapped, but this one has it switched off (SB_I_NOIDMAP)",
        _ => $"{type} cannot be ID-mapped: Linux {kernel} does not mark it FS_ALLOW_IDMAP",
    };

    private static string Plain(string type)
    {
        int dot = type.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? type : type[..dot];
    }
}
