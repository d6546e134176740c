using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>From here on a failure is reported through a FIFO: the csrun that made the container ends, another one starts it. No system call.</summary>
/// <param name="Fd">The FIFO's writing end.</param>
public sealed record ReportFailuresOp(FdSlot Fd) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "fifo(7)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.ReportFailuresTo(Fd);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Comment($"a failure from here on goes to {Fd}, which csrun start reads");
}
