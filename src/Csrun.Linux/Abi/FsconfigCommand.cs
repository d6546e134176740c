namespace Csrun.Linux.Abi;

/// <summary>Commands of fsconfig(2) (linux/mount.h).</summary>
#pragma warning disable CS1591 // fsconfig(2)
public enum FsconfigCommand
{
    FSCONFIG_SET_FLAG = 0,
    FSCONFIG_SET_STRING = 1,
    FSCONFIG_SET_FD = 5,
    FSCONFIG_CMD_CREATE = 6,
}
#pragma warning restore CS1591
