using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>unshare(2): a further namespace of this process's own.</summary>
/// <param name="Namespaces">The namespaces.</param>
public sealed record UnshareOp(CloneFlags Namespaces) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "unshare(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.unshare, [(long)Namespaces]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("unshare", StraceText.Flags(Namespaces));

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.ENOSPC or Errno.EUSERS => new Hint("the limit of namespaces of one kind is reached, or such namespaces are switched off", "sysctl -a | grep ^user.max_, and raise the one that is too low: sudo sysctl user.max_net_namespaces=10000"),
        Errno.EPERM => new Hint("the user namespace was made, but its capabilities were taken away: AppArmor or an outer container restricts unprivileged user namespaces", "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or give csrun an AppArmor profile with `userns,`"),
        Errno.EINVAL => new Hint($"this kernel was built without one of the namespaces {StraceText.Flags(Namespaces)}"),
        Errno.ENOMEM => new Hint("there is no memory left for further namespaces: on the host, or in the control group that csrun runs in, which may have a limit", "free -m; cat /proc/self/cgroup, and there memory.max or memory.limit_in_bytes"),
        _ => null,
    };
}
