namespace Csrun.Oci;

/// <content>config-linux.md, "User namespace mappings"; user_namespaces(7).</content>
public static partial class SpecValidator
{
    /// <summary>(uid_t)-1, the kernel's mark for "no ID".</summary>
    private const uint NoId = uint.MaxValue;

    /// <summary>Lines that uid_map takes since Linux 4.15.</summary>
    private const int MappingLimit = 340;

    private static void CheckMappingPair(
        string path, IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids, Findings found)
    {
        CheckMappings($"{path}.uidMappings", uids, found);
        CheckMappings($"{path}.gidMappings", gids, found);
        if (uids.Count > 0 && gids.Count == 0)
        {
            found.Mistake($"{path}.gidMappings", "missing beside uidMappings", "map the groups too");
        }
        else if (gids.Count > 0 && uids.Count == 0)
        {
            found.Mistake($"{path}.uidMappings", "missing beside gidMappings", "map the users too");
        }
    }

    private static void CheckMappings(string path, IReadOnlyList<LinuxIdMapping> mappings, Findings found)
    {
        if (mappings.Count > MappingLimit)
        {
            found.Mistake(path, $"{mappings.Count} entries, more than the kernel's {MappingLimit}", "join adjacent ranges");
            return;
        }

        for (int i = 0; i < mappings.Count; i++)
        {
            LinuxIdMapping mapping = mappings[i];
            if (mapping.Size == 0)
            {
                found.Mistake($"{path}[{i}].size", "must be at least 1, not 0");
                continue;
            }

            CheckRange($"{path}[{i}].containerID", mapping.ContainerID, mapping.Size, found);
            CheckRange($"{path}[{i}].hostID", mapping.HostID, mapping.Size, found);
            CheckOverlap(path, mappings, i, "containerID", static m => m.ContainerID, found);
            CheckOverlap(path, mappings, i, "hostID", static m => m.HostID, found);
        }
    }

    private static void CheckRange(string path, uint first, uint size, Findings found)
    {
        // The last ID is first+size-1, which may be NoId-1 at most.
        if ((ulong)first + size > NoId)
        {
            found.Mistake(path, $"{first} and size {size} reach beyond 4294967294, the last usable ID", "make size smaller");
        }
    }

    private static void CheckOverlap(
        string path, IReadOnlyList<LinuxIdMapping> mappings, int index, string side, Func<LinuxIdMapping, uint> first, Findings found)
    {
        LinuxIdMapping mapping = mappings[index];
        for (int i = 0; i < index; i++)
        {
            LinuxIdMapping earlier = mappings[i];
            ulong start = Math.Max(first(mapping), first(earlier));
            ulong end = Math.Min((ulong)first(mapping) + mapping.Size, (ulong)first(earlier) + earlier.Size);
            if (start < end)
            {
                string range = end - start == 1 ? $"ID {start}" : $"IDs {start} to {end - 1}";
                found.Mistake($"{path}[{index}].{side}", $"overlaps with entry [{i}]: both have {range}", "make the ranges disjoint");
                return;
            }
        }
    }

    private static bool IsMapped(uint id, IReadOnlyList<LinuxIdMapping> mappings)
    {
        foreach (LinuxIdMapping mapping in mappings)
        {
            if (id >= mapping.ContainerID && id - mapping.ContainerID < mapping.Size)
            {
                return true;
            }
        }

        return false;
    }
}
