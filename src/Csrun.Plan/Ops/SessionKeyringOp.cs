using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>keyctl(2), KEYCTL_JOIN_SESSION_KEYRING: a new, empty session keyring in place of the caller's, whose keys a possessor may read.</summary>
/// <remarks>A kernel without keys, or an outer container whose filter refuses keyctl to csrun and so to this container too, is no failure.</remarks>
public sealed record SessionKeyringOp : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "keyctl(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.keyctl, [1, 0], null, [Errno.ENOSYS, Errno.EPERM]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("keyctl", "KEYCTL_JOIN_SESSION_KEYRING", "NULL");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno == Errno.EDQUOT
        ? new Hint("this user has as many kernel keys as it may have, and each running container has one", "sudo sysctl kernel.keys.maxkeys=20000 kernel.keys.maxbytes=2000000")
        : null;
}
