namespace Csrun.Integration.Tests.Harness;

/// <summary>Docker as it comes: root's daemon, containers in the host's user namespace.</summary>
public sealed class RootfulDocker : DockerDaemon
{
    /// <inheritdoc/>
    public override Identity Identity => Identity.Root;
}
