namespace Csrun.Integration.Tests.Harness;

/// <summary>root's Docker with csrun in runc's place.</summary>
public class CsrunDocker : DockerDaemon
{
    /// <inheritdoc/>
    public override Identity Identity => Identity.Root;

    /// <inheritdoc/>
    protected override string Program => $"{base.Program} --add-runtime csrun={Host.Csrun} --default-runtime csrun";
}
