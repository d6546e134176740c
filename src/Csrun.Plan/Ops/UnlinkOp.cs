using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>unlinkat(2): removes a file's name; a mount of the file keeps it.</summary>
/// <param name="Dir">The directory.</param>
/// <param name="Name">The file's name in it.</param>
public sealed record UnlinkOp(FdSlot Dir, string Name) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "unlinkat(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.unlinkat, [Dir, (long)program.Utf8(Name), 0]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("unlinkat", Dir.ToString(), StraceText.Quote(Name), "0");
}
