namespace Csrun.Plan.Doctor;

/// <summary>The broker for ID-mapped volumes.</summary>
/// <param name="Socket">Its socket.</param>
/// <param name="State">What it says.</param>
/// <param name="Detail">Its version, or why it cannot be reached.</param>
public sealed record BrokerFacts(string Socket, BrokerState State, string? Detail);
