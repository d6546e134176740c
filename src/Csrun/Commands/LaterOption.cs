namespace Csrun.Commands;

/// <summary>An option of the contract that this version does not have: it is refused by name, never ignored.</summary>
/// <param name="Name">The option as it is typed.</param>
/// <param name="Why">What is missing.</param>
/// <param name="Fix">What does the job until then.</param>
internal readonly record struct LaterOption(string Name, string Why, string Fix);
