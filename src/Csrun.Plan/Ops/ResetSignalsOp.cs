using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Gives ignored signals their default action back and empties the signal mask: execve(2) would pass both on.</summary>
/// <remarks>The runtime of csrun ignores SIGPIPE, nohup(1) SIGHUP; handlers need no reset, execve does it.</remarks>
/// <param name="Ignored">The signals that csrun ignores.</param>
public sealed record ResetSignalsOp(ImmutableArray<Signal> Ignored) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "rt_sigaction(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        // struct kernel_sigaction { handler = SIG_DFL, flags, restorer, mask }, all zero.
        nint action = program.Zeroed(32);
        foreach (Signal signal in Ignored)
        {
            program.Call(Syscall.rt_sigaction, [(long)signal, (long)action, 0, 8]);
        }

        program.Call(Syscall.rt_sigprocmask, [2, (long)program.Zeroed(8), 0, 8]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        foreach (Signal signal in Ignored)
        {
            text.Call("rt_sigaction", signal.ToString(), "{sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}", "NULL", "8");
        }

        text.Call("rt_sigprocmask", "SIG_SETMASK", "[]", "NULL", "8");
    }
}
