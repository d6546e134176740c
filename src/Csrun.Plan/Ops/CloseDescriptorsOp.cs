using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>close_range(2), since Linux 5.9: closes every descriptor from a number on.</summary>
/// <remarks>Closed for good, not only at execve: a path such as /proc/self/fd/9 must lead nowhere while the working directory
/// and the command are looked up (CVE-2024-21626).</remarks>
/// <param name="First">The first descriptor.</param>
/// <param name="Last">The last one.</param>
public sealed record CloseDescriptorsOp(int First, uint Last = uint.MaxValue) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "close_range(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.close_range, [First, Last, 0]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("close_range", First.ToString(), Last.ToString(), "0");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) =>
        errno == Errno.ENOSYS ? new Hint("close_range needs Linux 5.9 or newer") : null;
}
