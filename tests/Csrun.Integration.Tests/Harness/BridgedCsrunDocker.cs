namespace Csrun.Integration.Tests.Harness;

/// <summary>root's Docker with csrun in runc's place, with its bridge and packet filter in a network namespace of its own.</summary>
public sealed class BridgedCsrunDocker : CsrunDocker
{
    /// <inheritdoc/>
    protected override string Network => "--ip6tables=false";

    /// <inheritdoc/>
    protected override string[] Namespaces => ["--net"];

    /// <inheritdoc/>
    protected override string Preparation => $"{base.Preparation}\nip link set lo up";
}
