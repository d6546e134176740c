using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>prlimit(2) on this process.</summary>
/// <param name="Resource">RLIMIT_* number (asm-generic/resource.h).</param>
/// <param name="Name">Its name.</param>
/// <param name="Soft">The soft limit; <see cref="ulong.MaxValue"/> is unlimited.</param>
/// <param name="Hard">The hard limit.</param>
public sealed record RlimitOp(int Resource, string Name, ulong Soft, ulong Hard) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "prlimit(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        ReadOnlySpan<ulong> limit = [Soft, Hard];
        program.Call(Syscall.prlimit64, [0, Resource, (long)program.Bytes(MemoryMarshal.AsBytes(limit)), 0]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("prlimit64", "0", Name, $"{{rlim_cur={StraceText.Limit(Soft)}, rlim_max={StraceText.Limit(Hard)}}}", "NULL");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.EPERM => new Hint(
            $"the hard limit of {Name} can only be raised with CAP_SYS_RESOURCE in the host's user namespace{(Name == "RLIMIT_NOFILE" ? ", and never above fs.nr_open" : "")}",
            "ask for at most the caller's own hard limit (ulimit -H -a)"),
        Errno.EINVAL => new Hint($"the soft limit {StraceText.Limit(Soft)} of {Name} is above the hard limit {StraceText.Limit(Hard)}", "ask for a soft limit of at most the hard one"),
        _ => null,
    };
}
