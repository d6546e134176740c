using System.Text;
using System.Text.Json;
using Csrun.Runtime.Cgroups;

namespace Csrun.Engine;

/// <summary>Lines of <c>events</c>, in runc's words.</summary>
internal static class EventsJson
{
    /// <summary>What a container uses.</summary>
    internal static string Stats(string id, CgroupStatistics statistics) => Line("stats", id, json =>
    {
        json.WriteStartObject("data");
        json.WriteStartObject("cpu");
        if (statistics.Cpu is { } cpu)
        {
            Cpu(json, cpu);
        }

        json.WriteEndObject();
        Cpuset(json, statistics);
        json.WriteStartObject("memory");
        if (statistics.Memory is { } memory)
        {
            Memory(json, memory);
        }

        json.WriteEndObject();
        json.WriteStartObject("pids");
        if (statistics.Pids is { } pids)
        {
            json.WriteNumber("current", pids);
            json.WriteNumber("limit", statistics.PidsLimit == ulong.MaxValue ? 0 : statistics.PidsLimit);
        }

        json.WriteEndObject();
        json.WriteStartObject("blkio");
        foreach (IGrouping<string, BlockIOUsage> table in statistics.BlockIO.GroupBy(b => b.Table))
        {
            json.WriteStartArray(table.Key);
            foreach (BlockIOUsage entry in table)
            {
                json.WriteStartObject();
                json.WriteNumber("major", entry.Major);
                json.WriteNumber("minor", entry.Minor);
                json.WriteString("op", entry.Operation);
                json.WriteNumber("value", entry.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteStartObject("hugetlb");
        foreach ((string size, MemoryCounter usage) in statistics.HugePages)
        {
            json.WriteStartObject(size);
            json.WriteNumber("usage", usage.Usage);
            json.WriteNumber("max", usage.Max);
            json.WriteNumber("failcnt", usage.Failures);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("intel_rdt");
        json.WriteEndObject();
        json.WriteNull("network_interfaces");
        json.WriteEndObject();
    });

    /// <summary>The kernel has killed a process for want of memory.</summary>
    internal static string OutOfMemory(string id) => Line("oom", id, null);

    private static string Line(string type, string id, Action<Utf8JsonWriter>? data)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("id", id);
            data?.Invoke(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void Cpu(Utf8JsonWriter json, CpuUsage cpu)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("total", cpu.Total);
        if (!cpu.PerCpu.IsEmpty)
        {
            PerCpu(json, "percpu", cpu.PerCpu.Select(c => c.Total));
            PerCpu(json, "percpu_kernel", cpu.PerCpu.Select(c => c.Kernel));
            PerCpu(json, "percpu_user", cpu.PerCpu.Select(c => c.User));
        }

        json.WriteNumber("kernel", cpu.Kernel);
        json.WriteNumber("user", cpu.User);
        json.WriteEndObject();
        json.WriteStartObject("throttling");
        Unless0(json, "periods", cpu.Periods);
        Unless0(json, "throttledPeriods", cpu.ThrottledPeriods);
        Unless0(json, "throttledTime", cpu.ThrottledTime);
        json.WriteEndObject();
    }

    private static void PerCpu(Utf8JsonWriter json, string name, IEnumerable<ulong> values)
    {
        json.WriteStartArray(name);
        foreach (ulong value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    private static void Cpuset(Utf8JsonWriter json, CgroupStatistics statistics)
    {
        json.WriteStartObject("cpuset");
        foreach ((string name, string text) in statistics.Cpuset)
        {
            if (name is "cpus" or "mems")
            {
                json.WriteStartArray(name);
                foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    int[] ends = [.. part.Split('-').Select(int.Parse)];
                    for (int i = ends[0]; i <= ends[^1]; i++)
                    {
                        json.WriteNumberValue(i);
                    }
                }

                json.WriteEndArray();
            }
            else if (long.TryParse(text, out long number))
            {
                json.WriteNumber(name, number);
            }
        }

        json.WriteEndObject();
    }

    private static void Memory(Utf8JsonWriter json, MemoryUsage memory)
    {
        Unless0(json, "cache", memory.Cache);
        Counter(json, "usage", memory.Total);
        Counter(json, "swap", memory.Swap);
        Counter(json, "kernel", memory.Kernel);
        Counter(json, "kernelTCP", memory.KernelTcp);
        json.WriteStartObject("raw");
        foreach ((string name, ulong value) in memory.Raw)
        {
            json.WriteNumber(name, value);
        }

        json.WriteEndObject();
    }

    private static void Counter(Utf8JsonWriter json, string name, MemoryCounter counter)
    {
        json.WriteStartObject(name);
        json.WriteNumber("limit", counter.Limit);
        Unless0(json, "usage", counter.Usage);
        Unless0(json, "max", counter.Max);
        json.WriteNumber("failcnt", counter.Failures);
        json.WriteEndObject();
    }

    private static void Unless0(Utf8JsonWriter json, string name, ulong value)
    {
        if (value != 0)
        {
            json.WriteNumber(name, value);
        }
    }
}
