namespace Csrun.Oci;

/// <content>config-linux.md, "Control groups".</content>
public static partial class SpecValidator
{
    private const string ResourcesPath = "$.linux.resources";

    private static void CheckResources(Resources? resources, Findings found)
    {
        if (resources is null)
        {
            return;
        }

        for (int i = 0; i < resources.Devices.Count; i++)
        {
            CheckDeviceRule($"{ResourcesPath}.devices[{i}]", resources.Devices[i], found);
        }

        CheckMemory(resources.Memory, found);
        CheckCpu(resources.Cpu, found);
        CheckBlockIO(resources.BlockIO, found);
        for (int i = 0; i < resources.HugepageLimits.Count; i++)
        {
            if (!IsPageSize(resources.HugepageLimits[i].PageSize))
            {
                found.Mistake($"{ResourcesPath}.hugepageLimits[{i}].pageSize", $"{JsonPathText.Quote(resources.HugepageLimits[i].PageSize)} is not a page size", "write it like 2MB");
            }
        }

        foreach (string file in resources.Unified.Keys)
        {
            // The name becomes a path inside the cgroup, so it may not lead out of it.
            if (file.Length == 0 || file.Contains('/', StringComparison.Ordinal) || !file.Contains('.', StringComparison.Ordinal) || file[0] == '.')
            {
                found.Mistake(JsonPathText.Member($"{ResourcesPath}.unified", file), "not the name of a cgroup v2 file", "write it like memory.high");
            }
        }
    }

    private static void CheckDeviceRule(string path, DeviceCgroupRule rule, Findings found)
    {
        if (rule.Type is not null and not "a" and not "b" and not "c")
        {
            found.Mistake($"{path}.type", $"{JsonPathText.Quote(rule.Type)} is not a kind of device", "one of a, b, c");
        }

        if (rule.Access is not null && rule.Access.AsSpan().ContainsAnyExcept("rwm"))
        {
            found.Mistake($"{path}.access", $"{JsonPathText.Quote(rule.Access)} has letters other than r, w and m");
        }
    }

    private static void CheckMemory(MemoryResources? memory, Findings found)
    {
        if (memory is null)
        {
            return;
        }

        const string At = $"{ResourcesPath}.memory";
        CheckAtLeast($"{At}.limit", memory.Limit, -1, found);
        CheckAtLeast($"{At}.reservation", memory.Reservation, -1, found);
        CheckAtLeast($"{At}.swap", memory.Swap, -1, found);
        if (memory is { Swap: > 0 and var swap, Limit: var limit } && (limit is null or -1 || swap < limit))
        {
            string problem = limit is null or -1 ? "a limit of memory and swap together needs a memory limit" : $"{swap} is below the memory limit {limit}: it counts memory and swap together";
            found.Mistake($"{At}.swap", problem, limit is null or -1 ? "set memory.limit too" : "raise it, or use -1 for unlimited swap");
        }

        if (memory.Swappiness > 100)
        {
            found.Mistake($"{At}.swappiness", $"must be from 0 to 100, not {memory.Swappiness}");
        }
    }

    private static void CheckCpu(CpuResources? cpu, Findings found)
    {
        if (cpu is null)
        {
            return;
        }

        const string At = $"{ResourcesPath}.cpu";
        CheckAtLeast($"{At}.quota", cpu.Quota, -1, found);
        if (cpu.Period is not null and not 0 and (< 1000 or > 1_000_000))
        {
            found.Mistake($"{At}.period", $"must be from 1000 to 1000000 microseconds, not {cpu.Period}");
        }

        CheckIdList($"{At}.cpus", cpu.Cpus, found);
        CheckIdList($"{At}.mems", cpu.Mems, found);
        if (cpu.Idle is not null and not 0 and not 1)
        {
            found.Mistake($"{At}.idle", $"must be 0 or 1, not {cpu.Idle}");
        }
    }

    private static void CheckBlockIO(BlockIOResources? blockIO, Findings found)
    {
        if (blockIO is null)
        {
            return;
        }

        const string At = $"{ResourcesPath}.blockIO";
        CheckWeight($"{At}.weight", blockIO.Weight, found);
        CheckWeight($"{At}.leafWeight", blockIO.LeafWeight, found);
        for (int i = 0; i < blockIO.WeightDevice.Count; i++)
        {
            CheckWeight($"{At}.weightDevice[{i}].weight", blockIO.WeightDevice[i].Weight, found);
            CheckWeight($"{At}.weightDevice[{i}].leafWeight", blockIO.WeightDevice[i].LeafWeight, found);
        }
    }

    /// <summary>0 is what Go's encoders write for unset.</summary>
    private static void CheckWeight(string path, ushort? weight, Findings found)
    {
        if (weight is not null and not 0 and (< 10 or > 1000))
        {
            found.Mistake(path, $"must be from 10 to 1000, not {weight}");
        }
    }

    private static void CheckAtLeast(string path, long? number, long least, Findings found)
    {
        if (number < least)
        {
            found.Mistake(path, $"must be at least {least}, not {number}");
        }
    }

    /// <summary>A number without leading zero, one of K, M and G, then B.</summary>
    private static bool IsPageSize(string text) =>
        text.Length >= 3 && text[^1] == 'B' && text[^2] is 'K' or 'M' or 'G'
        && text[0] != '0' && !text.AsSpan(0, text.Length - 2).ContainsAnyExceptInRange('0', '9');
}
