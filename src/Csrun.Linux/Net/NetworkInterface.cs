using System.Collections.Immutable;

namespace Csrun.Linux.Net;

/// <summary>A network interface of a network namespace.</summary>
/// <param name="Index">Its number there.</param>
/// <param name="IsUp">Whether it is up (IFF_UP).</param>
public readonly record struct NetworkInterface(int Index, bool IsUp);

/// <summary>An address of an interface that can be given to it again elsewhere.</summary>
/// <param name="Family">AF_INET or AF_INET6.</param>
/// <param name="PrefixLength">How many bits name the network.</param>
/// <param name="Flags">The upper, whole flags (IFA_FLAGS) without those that the kernel keeps itself.</param>
/// <param name="Attributes">IFA_LOCAL, IFA_ADDRESS and IFA_BROADCAST as rtnetlink(7) writes them.</param>
public sealed record InterfaceAddress(byte Family, byte PrefixLength, uint Flags, ImmutableArray<(ushort Type, ImmutableArray<byte> Value)> Attributes);
