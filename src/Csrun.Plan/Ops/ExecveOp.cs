using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>execve(2): becomes the command; where it has no slash, along the container's PATH as execvp(3) does.</summary>
/// <param name="Candidates">The files to try, in order.</param>
/// <param name="Args">The arguments, the command's name first.</param>
/// <param name="Env">The whole environment.</param>
public sealed record ExecveOp(ImmutableArray<string> Candidates, ImmutableArray<string> Args, ImmutableArray<string> Env) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "execve(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        nint argv = program.Utf8Array(Args);
        nint envp = program.Utf8Array(Env);
        for (int i = 0; i < Candidates.Length; i++)
        {
            // A missing or forbidden candidate leads to the next one; only the last failure is reported, and csrun looks at all of them then.
            ReadOnlySpan<Errno> tolerate = i == Candidates.Length - 1 ? [] : [Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES];
            program.Call(Syscall.execve, [(long)program.Utf8(Candidates[i]), (long)argv, (long)envp], null, tolerate);
        }
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        string args = $"[{string.Join(", ", Args.Select(StraceText.Quote))}]";
        foreach (string candidate in Candidates)
        {
            text.Call("execve", StraceText.Quote(candidate), args, "...");
        }
    }
}
