namespace Csrun.Plan.Doctor;

/// <summary>File systems by f_type of statfs(2) (linux/magic.h and the file systems' own sources).</summary>
internal static class FilesystemType
{
    /// <summary>The name, or the number in hexadecimal.</summary>
    public static string Name(ulong magic) => magic switch
    {
        0xef53 => "ext4",
        0x58465342 => "xfs",
        0x9123683e => "btrfs",
        0x2fc12fc1 => "zfs",
        0xf2f52010 => "f2fs",
        0x01021994 => "tmpfs",
        0x794c7630 => "overlay",
        0x65735546 => "fuse",
        0xca451a4e => "bcachefs",
        0x61756673 => "aufs",
        _ => Network(magic) ?? $"0x{magic:x}",
    };

    /// <summary>The name of a file system that lies on another machine (or is the hypervisor's), or null.</summary>
    public static string? Network(ulong magic) => magic switch
    {
        0x6969 => "nfs",
        0xff534d42 or 0xfe534d42 or 0x517b => "smb",
        0x5346414f or 0x6b414653 => "afs",
        0x00c36400 => "ceph",
        0x01021997 => "9p",
        0x0bd00bd0 => "lustre",
        0x47504653 => "gpfs",
        0x786f4256 => "vboxsf",
        0x73757245 => "coda",
        _ => null,
    };
}
