namespace Csrun.Runtime.State;

/// <summary>Where a container's system call filter comes from, so that a further process in it gets the same.</summary>
public enum SeccompSource
{
    /// <summary>There is none.</summary>
    Unconfined,

    /// <summary>The default profile, for the bounding set of capabilities.</summary>
    Default,

    /// <summary><c>linux.seccomp</c> of the configuration.</summary>
    Config,

    /// <summary>A profile in Docker's form, a copy of which lies beside the record.</summary>
    Profile,
}
