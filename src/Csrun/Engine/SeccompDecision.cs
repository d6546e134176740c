using Csrun.Linux.Seccomp;
using Csrun.Runtime.State;

namespace Csrun.Engine;

/// <summary>A container's system call filter, and where it comes from.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Filter">The compiled filter; null for none.</param>
/// <param name="Profile">The profile's JSON, where it comes from a file.</param>
internal sealed record SeccompDecision(SeccompSource Source, SeccompFilter? Filter, byte[]? Profile = null);
