namespace Csrun.Linux.Abi;

/// <summary>Operations of prctl(2) that csrun uses (linux/prctl.h).</summary>
#pragma warning disable CS1591 // prctl(2)
public enum PrctlOption
{
    PR_SET_PDEATHSIG = 1,
    PR_SET_DUMPABLE = 4,
    PR_SET_KEEPCAPS = 8,
    PR_SET_NAME = 15,
    PR_CAPBSET_READ = 23,
    PR_CAPBSET_DROP = 24,
    PR_SET_SECUREBITS = 28,
    PR_SET_NO_NEW_PRIVS = 38,
    PR_GET_NO_NEW_PRIVS = 39,
    PR_CAP_AMBIENT = 47,
}
#pragma warning restore CS1591
