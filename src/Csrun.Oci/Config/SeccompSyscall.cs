namespace Csrun.Oci;

/// <summary>A rule of a system call filter.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Seccomp", syscalls.</remarks>
public sealed record SeccompSyscall
{
    /// <summary>System calls; at least one.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>What happens to them, such as <c>SCMP_ACT_ALLOW</c>.</summary>
    public string Action { get; init; } = "";

    /// <summary>errno or trace message of the action where it takes one; null is EPERM.</summary>
    public uint? ErrnoRet { get; init; }

    /// <summary>Conditions on arguments, all of which have to hold.</summary>
    public IReadOnlyList<SeccompArg> Args { get; init; } = [];
}
