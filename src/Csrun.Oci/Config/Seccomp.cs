namespace Csrun.Oci;

/// <summary>A system call filter.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Seccomp".</remarks>
public sealed record Seccomp
{
    /// <summary>What happens to calls no rule names, such as <c>SCMP_ACT_ERRNO</c>.</summary>
    public string DefaultAction { get; init; } = "";

    /// <summary>errno of that action where it takes one; null is EPERM.</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>Architectures beside the native one, such as <c>SCMP_ARCH_X86</c>.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>Flags of seccomp(2), such as <c>SECCOMP_FILTER_FLAG_LOG</c>.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Unix socket that is sent the notification descriptor.</summary>
    public string? ListenerPath { get; init; }

    /// <summary>Opaque text sent with it.</summary>
    public string? ListenerMetadata { get; init; }

    /// <summary>Rules, in order.</summary>
    public IReadOnlyList<SeccompSyscall> Syscalls { get; init; } = [];
}
