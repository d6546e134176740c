using Csrun.Linux.Abi;

namespace Csrun.Plan.Doctor;

/// <summary>What became of trying something in a throwaway namespace.</summary>
/// <param name="Call">The call that failed, as strace prints it; null when all succeeded.</param>
/// <param name="Errno">What the kernel answered it.</param>
/// <param name="Failure">Why the ID maps could not be written, where it came to that.</param>
/// <param name="Label">The AppArmor label of the process in its new user namespace, or null.</param>
public sealed record ProbeOutcome(string? Call = null, Errno Errno = Errno.None, Linux.CsrunException? Failure = null, string? Label = null)
{
    /// <summary>Whether all succeeded.</summary>
    public bool Ok => Call is null && Failure is null;

    /// <summary>The failed call and its errno, for people.</summary>
    public string Evidence => Failure is not null ? Failure.Message : $"{Call}: {Errno} ({Errno.Describe()})";
}
