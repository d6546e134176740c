using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>symlinkat(2); a name that exists already is no failure.</summary>
/// <param name="Target">What the link says.</param>
/// <param name="Dir">The directory of the link.</param>
/// <param name="Name">The link's name in it.</param>
public sealed record SymlinkOp(string Target, FdSlot Dir, string Name) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "symlinkat(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) =>
        program.Call(Syscall.symlinkat, [(long)program.Utf8(Target), Dir, (long)program.Utf8(Name)], null, [Errno.EEXIST]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("symlinkat", StraceText.Quote(Target), Dir.ToString(), StraceText.Quote(Name));
}
