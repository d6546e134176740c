namespace Csrun.Runtime.Namespaces;

/// <summary>Processes whose namespaces /proc did not show to csrun.</summary>
/// <param name="Uid">To whom their files in /proc belong: their user, or root's where they protect themselves (PR_SET_DUMPABLE).</param>
/// <param name="Count">How many.</param>
public readonly record struct HiddenProcesses(uint Uid, int Count);
