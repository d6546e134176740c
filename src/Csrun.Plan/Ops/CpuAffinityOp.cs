using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;

namespace Csrun.Plan.Ops;

/// <summary>sched_setaffinity(2): the processors that this process may run on, which execve keeps and children inherit.</summary>
/// <param name="Cpus">Their numbers, such as <c>0-3,7</c>.</param>
public sealed record CpuAffinityOp(string Cpus) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "sched_setaffinity(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        byte[] mask = IdList.Mask(Cpus);
        program.Call(Syscall.sched_setaffinity, [0, mask.Length, (long)program.Bytes(mask)]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("sched_setaffinity", "0", $"{IdList.Mask(Cpus).Length}", $"[{string.Join(' ', IdList.Numbers(Cpus))}]");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno == Errno.EINVAL ? NoneOfThem(Cpus) : null;

    /// <summary>Why the kernel takes none of these processors.</summary>
    public static Hint NoneOfThem(string cpus) => new(
        $"none of the processors {cpus} is there and allowed by the control group (cpuset)",
        "cat /sys/devices/system/cpu/online lists them; correct process.execCPUAffinity in the configuration");
}
