using System.Collections.Immutable;

namespace Csrun.Plan.Ops;

/// <summary>csrun moves network interfaces of its own network namespace into the container's (runtime-spec config-linux.md, "Network Devices").</summary>
/// <param name="Devices">The interfaces: their names, and those that they have in the container.</param>
public sealed record MoveNetDevicesOp(ImmutableArray<(string Name, string Inside)> Devices) : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => "rtnetlink(7)";

    /// <inheritdoc/>
    public override string Describe() => string.Join("; ", Devices.Select(d => $"ip link set {d.Name} down netns PID name {d.Inside}; ip -n PID address add (its own) dev {d.Inside}; ip -n PID link set {d.Inside} up"));
}
