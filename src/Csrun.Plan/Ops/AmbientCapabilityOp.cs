using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>prctl(2) with PR_CAP_AMBIENT_RAISE.</summary>
/// <param name="Capability">The capability; it must be permitted and inheritable.</param>
public sealed record AmbientCapabilityOp(Capability Capability) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "capabilities(7)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.prctl, [(long)PrctlOption.PR_CAP_AMBIENT, 2, (long)Capability, 0, 0]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("prctl", "PR_CAP_AMBIENT", "PR_CAP_AMBIENT_RAISE", Capability.ToString(), "0", "0");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno == Errno.EPERM
        ? new Hint($"{Capability} is not both permitted and inheritable", "add it to process.capabilities.permitted and .inheritable, too")
        : null;
}
