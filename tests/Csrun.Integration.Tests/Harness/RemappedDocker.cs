namespace Csrun.Integration.Tests.Harness;

/// <summary>Root's daemon with <c>--userns-remap</c>: containers have the subordinate IDs of the ordinary test user.</summary>
public sealed class RemappedDocker : DockerDaemon
{
    /// <inheritdoc/>
    public override Identity Identity => Identity.Root;

    /// <inheritdoc/>
    protected override string Program => $"{base.Program} --userns-remap={Host.Of(Identity.User).Name}";
}
