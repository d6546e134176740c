using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>prctl(2) with one number.</summary>
/// <param name="Option">The operation.</param>
/// <param name="Value">Its argument.</param>
/// <param name="ValueText">The argument as strace prints it.</param>
public sealed record PrctlOp(PrctlOption Option, long Value, string ValueText) : KernelOp
{
    /// <summary>SIGKILL when csrun's thread ends.</summary>
    public static PrctlOp DieWithCsrun => new(PrctlOption.PR_SET_PDEATHSIG, (long)Signal.SIGKILL, "SIGKILL");

    /// <summary>The memory and the /proc directory of this process are closed to other processes of its user.</summary>
    public static PrctlOp Undumpable => new(PrctlOption.PR_SET_DUMPABLE, 0, "SUID_DUMP_DISABLE");

    /// <summary>Goes on when csrun's thread ends.</summary>
    public static PrctlOp OutliveCsrun => new(PrctlOption.PR_SET_PDEATHSIG, 0, "0");

    /// <inheritdoc/>
    public override string ManPage => "prctl(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.prctl, [(long)Option, Value, 0, 0, 0]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        // strace prints the unused arguments for these operations only.
        if (Option is PrctlOption.PR_SET_NO_NEW_PRIVS)
        {
            text.Call("prctl", Option.ToString(), ValueText, "0", "0", "0");
        }
        else
        {
            text.Call("prctl", Option.ToString(), ValueText);
        }
    }
}
