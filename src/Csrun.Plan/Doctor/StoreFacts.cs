namespace Csrun.Plan.Doctor;

/// <summary>Where csrun keeps images and containers.</summary>
/// <param name="Path">The directory.</param>
/// <param name="Existing">The nearest directory that exists: itself, or one above it.</param>
/// <param name="Magic">The type of its file system, f_type of statfs(2).</param>
/// <param name="Refusal">Why csrun will not use it, or null.</param>
public sealed record StoreFacts(string Path, string Existing, ulong Magic, Linux.CsrunException? Refusal);
