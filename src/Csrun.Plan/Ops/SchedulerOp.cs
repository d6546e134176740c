using System.Buffers.Binary;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;

namespace Csrun.Plan.Ops;

/// <summary>sched_setattr(2), since Linux 3.14: the scheduling policy of this process, which execve keeps and children inherit.</summary>
/// <param name="Scheduler">What the configuration asks for; what it leaves out is 0, as runtime-spec config.md says.</param>
public sealed record SchedulerOp(Scheduler Scheduler) : KernelOp
{
    // struct sched_attr with the utilisation clamps (SCHED_ATTR_SIZE_VER1, Linux 5.3), for which the specification has flags and no values.
    private const int Size = 56;

    /// <inheritdoc/>
    public override string ManPage => "sched_setattr(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        Span<byte> attr = stackalloc byte[Size];
        attr.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(attr, Size);
        BinaryPrimitives.WriteInt32LittleEndian(attr[4..], SchedulingWords.Policy(Scheduler.Policy));
        BinaryPrimitives.WriteUInt64LittleEndian(attr[8..], SchedulingWords.Flags(Scheduler.Flags));
        BinaryPrimitives.WriteInt32LittleEndian(attr[16..], Scheduler.Nice ?? 0);
        BinaryPrimitives.WriteInt32LittleEndian(attr[20..], Scheduler.Priority ?? 0);
        BinaryPrimitives.WriteUInt64LittleEndian(attr[24..], Scheduler.Runtime ?? 0);
        BinaryPrimitives.WriteUInt64LittleEndian(attr[32..], Scheduler.Deadline ?? 0);
        BinaryPrimitives.WriteUInt64LittleEndian(attr[40..], Scheduler.Period ?? 0);
        program.Call(Syscall.sched_setattr, [0, (long)program.Bytes(attr), 0]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        Scheduler s = Scheduler;
        string flags = s.Flags.Count == 0 ? "0" : string.Join('|', SchedulingWords.InOrder(s.Flags));
        text.Call("sched_setattr", "0", $"{{size={Size}, sched_policy={s.Policy}, sched_flags={flags}, sched_nice={s.Nice ?? 0}, sched_priority={s.Priority ?? 0}, sched_runtime={s.Runtime ?? 0}, sched_deadline={s.Deadline ?? 0}, sched_period={s.Period ?? 0}, ...");
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.EPERM => NotAllowed(),
        Errno.EINVAL when Scheduler.Policy == "SCHED_ISO" => new Hint("no kernel has SCHED_ISO: the number is reserved", "choose SCHED_OTHER or SCHED_BATCH in process.scheduler"),
        Errno.EINVAL when Scheduler.Policy == "SCHED_DEADLINE" => new Hint("the kernel wants 1024 ns <= runtime <= deadline <= period, and a period within kernel.sched_deadline_period_min_us and _max_us", "correct process.scheduler in the configuration"),
        Errno.EINVAL => new Hint($"the kernel does not take this combination for {Scheduler.Policy}", "correct process.scheduler in the configuration"),
        Errno.EBUSY => new Hint("the processors have not that much time left to promise (SCHED_DEADLINE's admission test)", "lower runtime, or raise period, in process.scheduler"),
        Errno.EOPNOTSUPP => new Hint("this kernel was built without utilisation clamping (CONFIG_UCLAMP_TASK)", "remove the SCHED_FLAG_UTIL_CLAMP flags from process.scheduler"),
        _ => null,
    };

    private Hint NotAllowed()
    {
        const string HostsRoot = "run it as root of the host without a user namespace";
        const string Right = "CAP_SYS_NICE in the host's user namespace, which a container with a user namespace of its own has not";
        return Scheduler.Policy switch
        {
            "SCHED_DEADLINE" => new Hint($"{Asked} takes {Right}", $"{HostsRoot}, or choose another policy in process.scheduler"),
            // kernel/sched/rt.c: with RT_GROUP_SCHED a group of version 1 begins without real-time runtime, and root is refused, too.
            "SCHED_FIFO" or "SCHED_RR" => new Hint(
                $"{Asked} takes {Right}, or a limit RLIMIT_RTPRIO of at least that priority; and where control groups of version 1 have cpu.rt_runtime_us, a group with real-time runtime",
                $"{HostsRoot}, or raise the caller's limit (rtprio in /etc/security/limits.conf); and set linux.resources.cpu.realtimeRuntime where there is a cpu.rt_runtime_us; or remove process.scheduler from the configuration"),
            _ => new Hint($"{Asked} takes {Right}, or a limit RLIMIT_NICE that allows it", $"raise the caller's limit (nice in /etc/security/limits.conf), {HostsRoot}, or remove process.scheduler from the configuration"),
        };
    }

    private string Asked => Scheduler.Policy is "SCHED_FIFO" or "SCHED_RR" ? $"{Scheduler.Policy} with priority {Scheduler.Priority ?? 0}" : Scheduler.Nice is { } nice ? $"{Scheduler.Policy} with the nice value {nice}" : Scheduler.Policy;
}
