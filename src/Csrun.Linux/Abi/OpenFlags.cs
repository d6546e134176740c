using System.Runtime.InteropServices;

namespace Csrun.Linux.Abi;

/// <summary>Flags of open(2), as valued on x86-64; four of them differ on arm64 and are translated by <see cref="OpenFlagsAbi.ForKernel"/>.</summary>
[Flags]
#pragma warning disable CS1591 // open(2)
public enum OpenFlags
{
    O_RDONLY = 0,
    O_WRONLY = 1,
    O_RDWR = 2,
    O_CREAT = 0x40,
    O_EXCL = 0x80,
    O_NOCTTY = 0x100,
    O_TRUNC = 0x200,
    O_APPEND = 0x400,
    O_NONBLOCK = 0x800,
    O_DIRECTORY = 0x10000,
    O_NOFOLLOW = 0x20000,
    O_CLOEXEC = 0x80000,
    O_PATH = 0x200000,
}
#pragma warning restore CS1591

/// <summary>Where the numbers of open(2)'s flags depend on the architecture.</summary>
public static class OpenFlagsAbi
{
    /// <summary>The flags as this machine's kernel numbers them: arm64 has O_DIRECTORY 0x4000 and O_NOFOLLOW 0x8000 (asm/fcntl.h).</summary>
    public static int ForKernel(this OpenFlags flags)
    {
        int value = (int)flags;
        if (RuntimeInformation.ProcessArchitecture != Architecture.Arm64)
        {
            return value;
        }

        int rest = value & ~0x30000;
        return rest | ((value & 0x10000) != 0 ? 0x4000 : 0) | ((value & 0x20000) != 0 ? 0x8000 : 0);
    }
}
