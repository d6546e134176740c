using System.Collections.Immutable;

namespace Csrun.Runtime.Namespaces;

/// <summary>One namespace of any kind but the user namespace.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Inode">Its number: <c>mnt:[4026531841]</c>.</param>
/// <param name="Owner">The user namespace that owns it, whose capabilities count in it; null where the kernel does not tell csrun.</param>
/// <param name="Processes">Those of the processes in sight that are in it, by PID.</param>
/// <param name="Mount">A path at which a bind mount keeps it, or null.</param>
public sealed record NamespaceInfo(NamespaceKind Kind, ulong Inode, ulong? Owner, ImmutableArray<NamespaceProcess> Processes, string? Mount);
