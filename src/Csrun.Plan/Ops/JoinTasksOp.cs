using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Cgroups;

namespace Csrun.Plan.Ops;

/// <summary>The child moves itself into a control group of version 1.</summary>
/// <remarks>
/// 0 in <c>tasks</c> is the thread that writes: the one move for which the kernel takes no lock that keeps every process of the host
/// from forking. A PID in <c>cgroup.procs</c> takes it, and waits for an RCU grace period first, 8 to 16 ms (cgroup_procs_write_start in
/// kernel/cgroup/cgroup.c). The child has one thread, so that its thread is all of it. Whether it may is decided by who opened the file,
/// csrun. cgroups(7), "Cgroups version 1".
/// </remarks>
/// <param name="Group">The group.</param>
/// <param name="Tasks">Its file <c>tasks</c>, which csrun opened.</param>
/// <param name="Asked">Whether somebody asked for the group, so that a refusal is a failure.</param>
public sealed record JoinTasksOp(CgroupGroup Group, FdSlot Tasks, bool Asked) : KernelOp
{
    // EBADF: csrun could not make the group.
    private static readonly Errno[] s_tolerated = [Errno.EBADF, Errno.EPERM, Errno.EACCES, Errno.EBUSY, Errno.EINVAL, Errno.ENODEV, Errno.ENOSPC];

    /// <inheritdoc/>
    public override string ManPage => "cgroups(7)";

    /// <summary>The file's path on the host.</summary>
    public string Path => $"{Group.Directory}/tasks";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.write, [Tasks, (long)program.Utf8("0"), 1], null, Asked ? [] : s_tolerated);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("write", Tasks.ToString(), StraceText.Quote("0"), "1");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.ENOSPC => new Hint($"{Group.Directory} has no processors or no memory nodes, so nothing can run in it", "set linux.resources.cpu.cpus and mems to some that the group above has: cat ../cpuset.cpus"),
        Errno.EINVAL => new Hint($"{Group.Directory} takes no process with real-time scheduling: it has no real-time runtime", "set linux.resources.cpu.realtimeRuntime, or start csrun without chrt(1)"),
        Errno.EACCES or Errno.EPERM => new Hint($"the caller may not put processes into {Group.Directory}", "choose a linux.cgroupsPath that is the caller's own"),
        _ => null,
    };
}
