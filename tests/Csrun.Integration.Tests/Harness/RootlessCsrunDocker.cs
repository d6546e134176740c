namespace Csrun.Integration.Tests.Harness;

/// <summary>An ordinary user's Docker with csrun in runc's place.</summary>
public sealed class RootlessCsrunDocker : RootlessDocker
{
    /// <inheritdoc/>
    protected override string Program => $"{base.Program} --add-runtime csrun={Host.Csrun} --default-runtime csrun";
}
