namespace Csrun.Linux.Seccomp;

/// <summary>How a rule compares an argument of the call (seccomp.h).</summary>
#pragma warning disable CS1591 // seccomp_rule_add(3)
public enum ScmpCompare
{
    SCMP_CMP_NE = 1,
    SCMP_CMP_LT = 2,
    SCMP_CMP_LE = 3,
    SCMP_CMP_EQ = 4,
    SCMP_CMP_GE = 5,
    SCMP_CMP_GT = 6,

    /// <summary>(argument &amp; Value) == ValueTwo.</summary>
    SCMP_CMP_MASKED_EQ = 7,
}
#pragma warning restore CS1591
