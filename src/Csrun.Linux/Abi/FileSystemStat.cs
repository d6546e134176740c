using System.Runtime.InteropServices;

namespace Csrun.Linux.Abi;

/// <summary>struct statfs of statfs(2) on 64-bit machines (asm-generic/statfs.h), 120 bytes; fields keep their names without the prefix.</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
#pragma warning disable CS1591 // statfs(2)
public struct FileSystemStat
{
    public ulong type;
    public ulong bsize;
    public ulong blocks;
    public ulong bfree;
    public ulong bavail;
    public ulong files;
    public ulong ffree;
    public ulong fsid;
    public ulong namelen;
    public ulong frsize;
    public ulong flags;
}
#pragma warning restore CS1591
