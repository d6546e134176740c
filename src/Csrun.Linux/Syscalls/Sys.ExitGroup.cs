using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>exit_group(2): ends this process at once.</summary>
    public static void ExitGroup(int status) => Call(Syscall.exit_group, status);
}
