namespace Csrun.Plan.Cgroups;

/// <summary>A property of a transient unit (systemd.resource-control(5)), as busctl(1) takes it.</summary>
/// <param name="Name">Its name on the bus, such as <c>MemoryMax</c>.</param>
/// <param name="Signature">Its D-Bus type.</param>
/// <param name="Values">Its value, as words.</param>
public sealed record UnitProperty(string Name, string Signature, params string[] Values);
