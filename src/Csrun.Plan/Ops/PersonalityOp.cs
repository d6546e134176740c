using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>personality(2): the execution domain, above all what uname(2) calls the machine.</summary>
/// <param name="Is32Bit">PER_LINUX32, which shows the 32-bit machine's name; else PER_LINUX.</param>
public sealed record PersonalityOp(bool Is32Bit) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "personality(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.personality, [Is32Bit ? 8 : 0]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("personality", Is32Bit ? "PER_LINUX32" : "PER_LINUX");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno == Errno.EINVAL
        ? new Hint("this kernel cannot change the execution domain", "remove linux.personality from the configuration")
        : null;
}
