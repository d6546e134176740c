using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>setsid(2): a session of its own, so that the caller's terminal sends no signals here (and cannot be pushed input with TIOCSTI).</summary>
public sealed record SetsidOp : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "setsid(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.setsid, []);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("setsid");
}
