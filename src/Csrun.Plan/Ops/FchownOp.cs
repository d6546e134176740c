using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>fchown(2).</summary>
/// <param name="Fd">The file.</param>
/// <param name="Uid">The new owner, a container ID.</param>
/// <param name="Gid">The new group, a container ID; <see cref="uint.MaxValue"/> leaves it.</param>
public sealed record FchownOp(FdSlot Fd, uint Uid, uint Gid) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "fchown(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.fchown, [Fd, Uid, Gid], null, [Errno.EINVAL]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("fchown", Fd.ToString(), Uid.ToString(), Gid == uint.MaxValue ? "-1" : Gid.ToString());
}
