namespace Csrun.Plan.Doctor;

/// <summary>A device node.</summary>
/// <param name="Exists">Whether it is there.</param>
/// <param name="Usable">Whether the caller can open it for reading and writing.</param>
/// <param name="Evidence">Its mode and owner, or the errno.</param>
public sealed record DeviceFacts(bool Exists, bool Usable, string Evidence);
