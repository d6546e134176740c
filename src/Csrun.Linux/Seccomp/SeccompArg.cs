namespace Csrun.Linux.Seccomp;

/// <summary>A condition on one argument of a call; all 64 bits are compared.</summary>
/// <param name="Index">Which argument, 0 to 5.</param>
/// <param name="Value">What to compare with; the mask for <see cref="ScmpCompare.SCMP_CMP_MASKED_EQ"/>.</param>
/// <param name="ValueTwo">What the masked argument has to equal; otherwise unused.</param>
/// <param name="Op">The comparison.</param>
/// <remarks>OCI runtime-spec, linux.seccomp.syscalls[].args.</remarks>
public readonly record struct SeccompArg(uint Index, ulong Value, ulong ValueTwo, ScmpCompare Op);
