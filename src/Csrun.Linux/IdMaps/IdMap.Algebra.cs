using System.Collections.Immutable;

namespace Csrun.Linux.IdMaps;

public sealed partial class IdMap
{
    /// <summary>The map seen from the other side: host IDs become container IDs.</summary>
    public IdMap Invert()
    {
        ImmutableArray<IdMapping>.Builder mappings = ImmutableArray.CreateBuilder<IdMapping>(Mappings.Length);
        foreach (IdMapping m in Mappings)
        {
            mappings.Add(new IdMapping(m.HostId, m.ContainerId, m.Size));
        }

        return new IdMap(mappings.MoveToImmutable());
    }

    /// <summary>This map followed by another: what an ID of a nested namespace is further out. Normalised.</summary>
    /// <param name="outer">The map of the namespace that this map's host IDs belong to.</param>
    /// <returns>A map with <c>result.ToHost(x) == outer.ToHost(this.ToHost(x))</c>; IDs that outer does not map are left out.</returns>
    public IdMap Compose(IdMap outer)
    {
        ImmutableArray<IdMapping>.Builder mappings = ImmutableArray.CreateBuilder<IdMapping>();
        foreach (IdMapping m in Mappings)
        {
            foreach (IdMapping o in outer.Mappings)
            {
                uint from = Math.Max(m.HostId, o.ContainerId);
                ulong to = Math.Min((ulong)m.HostId + m.Size, (ulong)o.ContainerId + o.Size);
                if (from < to)
                {
                    mappings.Add(new IdMapping(m.ContainerId + (from - m.HostId), o.HostId + (from - o.ContainerId), (uint)(to - from)));
                }
            }
        }

        return new IdMap(mappings.DrainToImmutable()).Normalize();
    }

    /// <summary>The same map in lines that each lie within one line of the outer map, as the kernel wants them of a nested namespace's map.</summary>
    /// <param name="outer">The map of the namespace that this map's host IDs belong to; what it does not map is left out.</param>
    public IdMap CutAt(IdMap outer)
    {
        ImmutableArray<IdMapping>.Builder pieces = ImmutableArray.CreateBuilder<IdMapping>(Mappings.Length);
        foreach (IdMapping m in Mappings)
        {
            foreach (IdMapping o in outer.Mappings)
            {
                uint from = Math.Max(m.HostId, o.ContainerId);
                ulong to = Math.Min((ulong)m.HostId + m.Size, (ulong)o.ContainerId + o.Size);
                if (from < to)
                {
                    pieces.Add(new IdMapping(m.ContainerId + (from - m.HostId), from, (uint)(to - from)));
                }
            }
        }

        return new IdMap(pieces.DrainToImmutable());
    }

    /// <summary>The same map in the one form that equal maps share: sorted by container ID, neighbours merged, empty lines dropped.</summary>
    public IdMap Normalize()
    {
        if (IsNormalized())
        {
            return this;
        }

        IdMapping[] sorted = new IdMapping[Mappings.Length];
        Mappings.CopyTo(sorted);
        Array.Sort(sorted, static (a, b) => a.ContainerId.CompareTo(b.ContainerId));
        ImmutableArray<IdMapping>.Builder merged = ImmutableArray.CreateBuilder<IdMapping>(sorted.Length);
        foreach (IdMapping m in sorted)
        {
            if (m.Size == 0)
            {
                continue;
            }

            if (merged.Count != 0 && Continues(merged[^1], m))
            {
                merged[^1] = merged[^1] with { Size = merged[^1].Size + m.Size };
            }
            else
            {
                merged.Add(m);
            }
        }

        return new IdMap(merged.DrainToImmutable());
    }

    private bool IsNormalized()
    {
        for (int i = 0; i < Mappings.Length; i++)
        {
            if (Mappings[i].Size == 0
                || (i != 0 && (Mappings[i - 1].ContainerId >= Mappings[i].ContainerId || Continues(Mappings[i - 1], Mappings[i]))))
            {
                return false;
            }
        }

        return true;
    }

    // In 64 bits: a line that ends at the last ID must not seem to continue at 0.
    private static bool Continues(IdMapping a, IdMapping b) =>
        (ulong)a.ContainerId + a.Size == b.ContainerId && (ulong)a.HostId + a.Size == b.HostId;
}
