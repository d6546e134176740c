namespace Csrun.Integration.Tests.Harness;

/// <summary>Base of the test classes: short names for what nearly every test does.</summary>
public abstract class IntegrationTest(Sandbox sandbox) : IClassFixture<Sandbox>
{
    /// <summary>The class's world.</summary>
    protected Sandbox Sandbox { get; } = sandbox;

    /// <summary>csrun run ARGS as the ordinary user.</summary>
    protected RunResult Run(params string[] args) => RunAs(Identity.User, args);

    /// <summary>csrun run ARGS as the identity.</summary>
    protected RunResult RunAs(Identity identity, params string[] args) => Sandbox.Csrun(identity, ["run", .. args]);

    /// <summary>csrun run IMAGE sh -c SCRIPT as the ordinary user, on the image that this machine has.</summary>
    protected RunResult Inside(string script, params string[] options) => Run([.. options, Host.AnyImage, "sh", "-c", script]);
}
