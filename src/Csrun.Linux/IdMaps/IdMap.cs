using System.Collections.Immutable;
using System.Text;

namespace Csrun.Linux.IdMaps;

/// <summary>A user namespace's uid_map or gid_map: which container ID is which host ID. Immutable, equal by value and order.</summary>
/// <remarks>user_namespaces(7). A map may be anything that was written down; <see cref="Validate"/> says whether the kernel would take it.
/// The other operations are right for valid maps.</remarks>
public sealed partial class IdMap : IEquatable<IdMap>
{
    /// <summary>How many lines the kernel takes (UID_GID_MAP_MAX_EXTENTS, since Linux 4.15).</summary>
    public const int MaxExtents = 340;

    /// <summary>Makes a map of its lines.</summary>
    public IdMap(params ImmutableArray<IdMapping> mappings) => Mappings = mappings.IsDefault ? [] : mappings;

    /// <summary>The map without a line: no ID is mapped, as in a new user namespace.</summary>
    public static IdMap Empty { get; } = new([]);

    /// <summary>Every ID is itself, as in the initial user namespace.</summary>
    public static IdMap Identity { get; } = new(new IdMapping(0, 0, uint.MaxValue));

    /// <summary>The lines, in the order in which they were given.</summary>
    public ImmutableArray<IdMapping> Mappings { get; }

    /// <summary>Whether no ID is mapped.</summary>
    public bool IsEmpty => Mappings.IsEmpty;

    /// <summary>How many IDs are mapped.</summary>
    public ulong Count
    {
        get
        {
            ulong count = 0;
            foreach (IdMapping m in Mappings)
            {
                count += m.Size;
            }

            return count;
        }
    }

    /// <summary>Whether the container ID has a host ID.</summary>
    public bool ContainsContainer(uint containerId) => ToHost(containerId) is not null;

    /// <summary>Whether the host ID has a container ID.</summary>
    public bool ContainsHost(uint hostId) => ToContainer(hostId) is not null;

    /// <summary>Whether the map is one line for one ID, which a process may write for itself without privilege.</summary>
    /// <param name="hostId">The host ID that the line has to be for.</param>
    public bool IsSingle(uint hostId) => Mappings.Length == 1 && Mappings[0].Size == 1 && Mappings[0].HostId == hostId;

    /// <inheritdoc/>
    public bool Equals(IdMap? other) => other is not null && Mappings.AsSpan().SequenceEqual(other.Mappings.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IdMap);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (IdMapping m in Mappings)
        {
            hash.Add(m);
        }

        return hash.ToHashCode();
    }

    /// <summary>As the command line takes it: <c>C:H:N,C:H:N</c>; the empty text for the empty map.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (IdMapping m in Mappings)
        {
            if (text.Length != 0)
            {
                text.Append(',');
            }

            text.Append(m.ContainerId).Append(':').Append(m.HostId).Append(':').Append(m.Size);
        }

        return text.ToString();
    }
}
