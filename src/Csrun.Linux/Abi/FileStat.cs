using System.Runtime.InteropServices;

namespace Csrun.Linux.Abi;

/// <summary>struct statx of statx(2) (linux/stat.h), 256 bytes; fields keep their names without the prefix.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
#pragma warning disable CS1591 // statx(2)
public struct FileStat
{
    public uint mask;
    public uint blksize;
    public ulong attributes;
    public uint nlink;
    public uint uid;
    public uint gid;
    public ushort mode;
    private readonly ushort _spare0;
    public ulong ino;
    public ulong size;
    public ulong blocks;
    public ulong attributes_mask;
    public FileTime atime;
    public FileTime btime;
    public FileTime ctime;
    public FileTime mtime;
    public uint rdev_major;
    public uint rdev_minor;
    public uint dev_major;
    public uint dev_minor;
    public ulong mnt_id;

    /// <summary>struct statx_timestamp.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 16)]
    public struct FileTime
    {
        public long sec;
        public uint nsec;
        private readonly int _reserved;
    }

    /// <summary>Whether this is a directory (S_ISDIR).</summary>
    public readonly bool IsDirectory => (mode & 0xf000) == 0x4000;

    /// <summary>Whether this is a regular file (S_ISREG).</summary>
    public readonly bool IsRegular => (mode & 0xf000) == 0x8000;

    /// <summary>Whether this is a symbolic link (S_ISLNK).</summary>
    public readonly bool IsSymlink => (mode & 0xf000) == 0xa000;
}
#pragma warning restore CS1591
