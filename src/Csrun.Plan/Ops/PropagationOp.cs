using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>mount(2) that changes the propagation of the whole tree.</summary>
/// <param name="Propagation">MS_PRIVATE, MS_SLAVE or MS_SHARED.</param>
public sealed record PropagationOp(MountFlags Propagation) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "mount_namespaces(7)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) =>
        program.Call(Syscall.mount, [0, (long)program.Utf8("/"), 0, (long)(MountFlags.MS_REC | Propagation), 0]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) =>
        text.Call("mount", "NULL", "\"/\"", "NULL", $"MS_REC|{Propagation}", "NULL");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.EACCES => new Hint(
            "the user namespace was made, but its capabilities were taken away: AppArmor restricts unprivileged user namespaces",
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or give csrun an AppArmor profile with `userns,`"),
        Errno.EPERM => new Hint("this process has no CAP_SYS_ADMIN over its mount namespace: a security module or an outer container took it away"),
        _ => null,
    };
}
