namespace Csrun.Plan.Ops;

/// <summary>csrun hands the listener of the container's system call filter to the agent that answers for it, with the process's state (runtime-spec config-linux.md, "Seccomp").</summary>
/// <param name="Path">The agent's socket.</param>
public sealed record SendListenerOp(string Path) : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => "seccomp_unotify(2)";

    /// <inheritdoc/>
    public override string Describe() => $"recvmsg: the listener; sendmsg: it goes to {Path}, with the process's state";
}
