using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>mmap(2) of new zeroed memory that a child shares (MAP_SHARED|MAP_ANONYMOUS|MAP_NORESERVE).</summary>
    internal static SysResult MmapShared(nuint length) => Call(Syscall.mmap, 0, (nint)length, 3, 0x1 | 0x20 | 0x4000, -1, 0);

    /// <summary>munmap(2).</summary>
    internal static SysResult Munmap(nint address, nuint length) => Call(Syscall.munmap, address, (nint)length);
}
