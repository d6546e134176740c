using System.Collections.Immutable;

namespace Csrun.Linux.IdMaps;

public sealed partial class IdMap
{
    // As in the kernel (UID_GID_MAP_MAX_BASE_EXTENTS): up to so many lines are looked through, more are sorted and halved.
    private const int FewLines = 5;

    private SortedLines? _byContainer;
    private SortedLines? _byHost;

    /// <summary>The host ID of a container ID, or null where it has none.</summary>
    /// <remarks>map_id_down of the kernel. With many lines the first look-up sorts them, each one then takes about ten steps.</remarks>
    public uint? ToHost(uint containerId)
    {
        if (Mappings.Length > FewLines)
        {
            return (_byContainer ??= new SortedLines(Mappings, byHost: false)).Find(containerId);
        }

        foreach (IdMapping m in Mappings)
        {
            uint offset = containerId - m.ContainerId;
            if (containerId >= m.ContainerId && offset < m.Size)
            {
                // proc(5) shows 4294967295 where the reader's own namespace has no name for the host ID.
                return m.HostId == uint.MaxValue ? null : m.HostId + offset;
            }
        }

        return null;
    }

    /// <summary>The container ID of a host ID, or null where it has none (the kernel then shows 65534, overflowuid).</summary>
    /// <remarks>map_id_up of the kernel.</remarks>
    public uint? ToContainer(uint hostId)
    {
        if (Mappings.Length > FewLines)
        {
            return (_byHost ??= new SortedLines(Mappings, byHost: true)).Find(hostId);
        }

        foreach (IdMapping m in Mappings)
        {
            uint offset = hostId - m.HostId;
            if (hostId >= m.HostId && offset < m.Size && m.HostId != uint.MaxValue)
            {
                return m.ContainerId + offset;
            }
        }

        return null;
    }

    /// <summary>The IDs of a range that have no host ID: the map's holes, in their order.</summary>
    /// <param name="within">Container IDs.</param>
    public ImmutableArray<IdRange> Holes(IdRange within)
    {
        ImmutableArray<IdRange>.Builder holes = ImmutableArray.CreateBuilder<IdRange>();
        ulong next = within.Start;
        foreach (IdMapping m in Normalize().Mappings)
        {
            if (m.HostId == uint.MaxValue)
            {
                continue; // no host ID that this namespace knows
            }

            ulong to = Math.Min(m.ContainerId, within.End);
            if (to > next)
            {
                holes.Add(new IdRange((uint)next, (uint)(to - next)));
            }

            next = Math.Max(next, (ulong)m.ContainerId + m.Size);
        }

        if (next < within.End)
        {
            holes.Add(new IdRange((uint)next, (uint)(within.End - next)));
        }

        return holes.DrainToImmutable();
    }

    /// <summary>The host IDs of this map that none of the ranges has: what a caller who owns only those may not map.</summary>
    /// <param name="owned">Host IDs that the caller may use: its own one and its subordinate ones.</param>
    public ImmutableArray<IdRange> HostIdsOutside(ImmutableArray<IdRange> owned)
    {
        IdMap known = new([.. owned.Where(r => r.Count != 0).Select(r => new IdMapping(r.Start, r.Start, r.Count))]);
        ImmutableArray<IdRange>.Builder outside = ImmutableArray.CreateBuilder<IdRange>();
        foreach (IdMapping m in Mappings)
        {
            outside.AddRange(known.Holes(new IdRange(m.HostId, m.Size)));
        }

        return outside.DrainToImmutable();
    }

    /// <summary>A map's lines by one of their sides.</summary>
    private sealed class SortedLines
    {
        private readonly uint[] _starts;
        private readonly uint[] _sizes;
        private readonly uint[] _targets;

        internal SortedLines(ImmutableArray<IdMapping> mappings, bool byHost)
        {
            // Host 4294967295 is "no ID": such lines lead nowhere in either direction.
            IdMapping[] lines = [.. mappings.Where(m => m.Size != 0 && m.HostId != uint.MaxValue)];
            Array.Sort(lines, byHost ? static (a, b) => a.HostId.CompareTo(b.HostId) : static (a, b) => a.ContainerId.CompareTo(b.ContainerId));
            _starts = Array.ConvertAll(lines, m => byHost ? m.HostId : m.ContainerId);
            _targets = Array.ConvertAll(lines, m => byHost ? m.ContainerId : m.HostId);
            _sizes = Array.ConvertAll(lines, m => m.Size);
        }

        internal uint? Find(uint id)
        {
            uint[] starts = _starts;
            int at = 0;
            // The same number of steps whatever the ID, and no jump that the processor could guess wrong.
            for (int length = starts.Length; length > 1;)
            {
                int half = length >> 1;
                at = starts[at + half] <= id ? at + half : at;
                length -= half;
            }

            return at < starts.Length && id - starts[at] < _sizes[at] && id >= starts[at] ? _targets[at] + (id - starts[at]) : null;
        }
    }
}
