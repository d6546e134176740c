using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Launch;

/// <summary>Why clone3 with namespaces failed, decided from the host's settings.</summary>
internal static class CloneFailure
{
    private static readonly (CloneFlags Flag, string Name, string Limit)[] s_limits =
    [
        (CloneFlags.CLONE_NEWUSER, "user", "max_user_namespaces"),
        (CloneFlags.CLONE_NEWNS, "mount", "max_mnt_namespaces"),
        (CloneFlags.CLONE_NEWPID, "PID", "max_pid_namespaces"),
        (CloneFlags.CLONE_NEWNET, "network", "max_net_namespaces"),
        (CloneFlags.CLONE_NEWIPC, "IPC", "max_ipc_namespaces"),
        (CloneFlags.CLONE_NEWUTS, "UTS", "max_uts_namespaces"),
        (CloneFlags.CLONE_NEWCGROUP, "cgroup", "max_cgroup_namespaces"),
    ];

    public static CsrunException Explain(KernelException e, CloneFlags flags)
    {
        (string? why, string? fix) = e.Errno switch
        {
            Errno.ENOSPC or Errno.EUSERS => Limit(flags),
            Errno.EPERM => Permission(flags),
            Errno.EINVAL => ("this kernel was built without one of these namespaces", "csrun doctor"),
            Errno.EACCES => ("the kernel moves a process between control groups only for one who may write to cgroup.procs of the group above both, and csrun was called from another part of the tree", "call csrun from the session or service that started the container"),
            Errno.EBUSY => ("the control group hands controllers down to groups below it, so that it takes no processes itself (cgroups(7), \"no internal processes\")", "cat /sys/fs/cgroup/GROUP/cgroup.subtree_control; move what the container runs into one group below"),
            Errno.ENOSYS => (Environment.OSVersion.Version >= new Version(5, 3) ? "a seccomp filter of an outer container hides clone3" : $"clone3 is there since Linux 5.3, and this is {Environment.OSVersion.Version}", "run csrun outside that container, or start the outer one with --security-opt seccomp=unconfined"),
            Errno.EAGAIN => ("the limit of processes is reached", "ulimit -u; ps -u $(id -u) | wc -l"),
            Errno.ENOMEM => ("the kernel has no memory left", "free -h; ps aux --sort=-rss | head"),
            _ => ((string?)null, (string?)null),
        };
        return new KernelException(e.Call, e.Path, e.Errno, why, fix) { Gates = ["user-namespace", "apparmor"] };
    }

    internal static (string Why, string Fix) Limit(CloneFlags flags)
    {
        foreach ((CloneFlags flag, string name, string limit) in s_limits)
        {
            if ((flags & flag) != 0 && SmallFile.Read($"/proc/sys/user/{limit}")?.Trim() == "0")
            {
                return ($"{name} namespaces are switched off: /proc/sys/user/{limit} is 0", $"sudo sysctl user.{limit}=10000");
            }
        }

        string limits = string.Join(", ", s_limits.Where(l => (flags & l.Flag) != 0).Select(l => $"{l.Limit} {SmallFile.Read($"/proc/sys/user/{l.Limit}")?.Trim()}"));
        return ($"so many namespaces exist already, here or in a user namespace around this one ({limits}), or 32 user namespaces lie one in another", "lsns; csrun run it further outside, or sudo sysctl user.max_user_namespaces=15000 and the like");
    }

    private static (string?, string?) Permission(CloneFlags flags)
    {
        if ((flags & CloneFlags.CLONE_NEWUSER) == 0)
        {
            return ("namespaces without a user namespace need CAP_SYS_ADMIN", "leave --userns host away; in a configuration, add a user namespace with its mappings: csrun spec --rootless writes one");
        }

        if (SmallFile.Read("/proc/sys/kernel/unprivileged_userns_clone")?.Trim() == "0")
        {
            return ("unprivileged user namespaces are switched off: /proc/sys/kernel/unprivileged_userns_clone is 0", "sudo sysctl kernel.unprivileged_userns_clone=1");
        }

        if (SmallFile.Read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")?.Trim() == "1")
        {
            return ("AppArmor lets only programs with a profile make user namespaces: /proc/sys/kernel/apparmor_restrict_unprivileged_userns is 1", "give csrun a profile with `userns,` in /etc/apparmor.d, or sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0");
        }

        return SmallFile.Read("/proc/self/status")?.Contains("Seccomp:\t2", StringComparison.Ordinal) == true
            ? ("a seccomp filter of an outer container refuses new user namespaces", "run csrun outside that container, or start the outer one with --security-opt seccomp=unconfined")
            : ("the caller's own user or group ID has no mapping in this user namespace, or its root directory is a chroot", null);
    }
}
