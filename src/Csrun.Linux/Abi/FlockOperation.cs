namespace Csrun.Linux.Abi;

/// <summary>What flock(2) shall do (asm-generic/fcntl.h).</summary>
[Flags]
#pragma warning disable CS1591 // flock(2)
public enum FlockOperation
{
    LOCK_SH = 1,
    LOCK_EX = 2,
    LOCK_NB = 4,
    LOCK_UN = 8,
}
#pragma warning restore CS1591
