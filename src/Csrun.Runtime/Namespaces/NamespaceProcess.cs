using System.Collections.Immutable;

namespace Csrun.Runtime.Namespaces;

/// <summary>A process and the namespaces that it is in.</summary>
/// <param name="Pid">Its ID, in csrun's PID namespace.</param>
/// <param name="PidInside">Its ID in its own PID namespace; 0 where the kernel does not tell it.</param>
/// <param name="Command">Its command line with spaces between the words; a name in brackets where it has none, as a thread of the kernel.</param>
/// <param name="Namespaces">The inode of each.</param>
public sealed record NamespaceProcess(int Pid, int PidInside, string Command, ImmutableSortedDictionary<NamespaceKind, ulong> Namespaces)
{
    /// <summary>The PID namespace of the children that it makes from now on, where that is another one (pid_namespaces(7)).</summary>
    public ulong? PidForChildren { get; init; }
}
