namespace Csrun.Oci;

/// <summary>A condition on one argument of a system call.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Seccomp", args.</remarks>
public sealed record SeccompArg
{
    /// <summary>Which argument, 0 to 5.</summary>
    public uint Index { get; init; }

    /// <summary>Compared with the argument; for <c>SCMP_CMP_MASKED_EQ</c> the mask.</summary>
    public ulong Value { get; init; }

    /// <summary>For <c>SCMP_CMP_MASKED_EQ</c>, what the masked argument has to equal.</summary>
    public ulong ValueTwo { get; init; }

    /// <summary>Comparison, such as <c>SCMP_CMP_EQ</c>.</summary>
    public string Op { get; init; } = "";
}
