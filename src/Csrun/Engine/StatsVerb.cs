using System.Globalization;
using System.Text.Json;
using Csrun.Engine.Ids;
using Csrun.Linux;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.Host;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun stats</c>.</summary>
internal static class StatsVerb
{
    private static readonly string[] s_titles = ["CONTAINER ID", "NAME", "CPU %", "MEM USAGE / LIMIT", "MEM %", "NET IO", "BLOCK IO", "PIDS"];

    /// <summary>Prints what containers use.</summary>
    internal static int Run(Caller caller, IReadOnlyList<string> words, bool once, TimeSpan interval, bool json)
    {
        Dictionary<string, (DateTimeOffset Time, ulong Cpu)> before = new(StringComparer.Ordinal);
        while (true)
        {
            using ContainerList list = ContainerList.Look(caller.Roots);
            List<ContainerUse> uses = Look(list, words, before);
            if (json)
            {
                Json(uses);
            }
            else
            {
                FdWriter.Stdout.Write(TextTable.Of([s_titles, .. uses.Select(Row)]));
                FdWriter.Stdout.Flush();
            }

            if (once || uses.Count == 0)
            {
                return 0;
            }

            Sys.Ppoll([], (long)interval.TotalMilliseconds);
        }
    }

    private static List<ContainerUse> Look(ContainerList list, IReadOnlyList<string> words, Dictionary<string, (DateTimeOffset Time, ulong Cpu)> before)
    {
        List<ContainerUse> uses = [];
        foreach (Container container in words.Count == 0 ? list.Containers.Where(c => c is { PidFd: not null, Record.Cgroup: not null }) : words.Select(w => list.Find(w)))
        {
            using ControlGroup group = ContainerCgroup.Of(container, "is not counted");
            CgroupStatistics statistics = group.Statistics();
            DateTimeOffset now = DateTimeOffset.UtcNow;
            ulong cpu = statistics.Cpu?.Total ?? 0;
            (DateTimeOffset since, ulong used) = before.TryGetValue(container.Id, out (DateTimeOffset, ulong) last) ? last : (container.Record!.Created, 0UL);
            before[container.Id] = (now, cpu);
            double seconds = Math.Max((now - since).TotalSeconds, 0.001);
            uses.Add(new ContainerUse(container.Id, container.Record!.Name, (cpu - Math.Min(cpu, used)) / 1e7 / seconds, statistics, Network(container.Record.Process.Pid)));
        }

        return uses;
    }

    private static string[] Row(ContainerUse use)
    {
        CgroupStatistics s = use.Statistics;
        ulong limit = Math.Min(s.Memory?.Total.Limit ?? ulong.MaxValue, HostMemory());
        ulong memory = s.Memory?.WorkingSet ?? 0;
        return
        [
            Container.ShortId(use.Id),
            use.Name ?? "-",
            s.Cpu is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{use.CpuPercent:0.00}%"),
            s.Memory is null ? "-" : $"{Size(memory)} / {Size(limit)}",
            s.Memory is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * memory / limit:0.00}%"),
            $"{Size(use.Network.Received)} / {Size(use.Network.Sent)}",
            $"{Size(Block(s, "Read"))} / {Size(Block(s, "Write"))}",
            s.Pids?.ToString(CultureInfo.InvariantCulture) ?? "-",
        ];
    }

    private static void Json(List<ContainerUse> uses) => JsonOutput.Write(json =>
    {
        json.WriteStartArray();
        foreach (ContainerUse use in uses)
        {
            CgroupStatistics s = use.Statistics;
            json.WriteStartObject();
            json.WriteString("id", use.Id);
            json.WriteString("name", use.Name);
            json.WriteNumber("cpuPercent", Math.Round(use.CpuPercent, 2));
            Counted(json, "cpuNanoseconds", s.Cpu?.Total);
            Counted(json, "memoryUsage", s.Memory?.WorkingSet);
            Counted(json, "memoryLimit", s.Memory is { } memory ? Math.Min(memory.Total.Limit, HostMemory()) : null);
            json.WriteNumber("netInput", use.Network.Received);
            json.WriteNumber("netOutput", use.Network.Sent);
            json.WriteNumber("blockInput", Block(s, "Read"));
            json.WriteNumber("blockOutput", Block(s, "Write"));
            Counted(json, "pids", s.Pids);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>A number; left out where no controller counts it.</summary>
    private static void Counted(Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static ulong Block(CgroupStatistics statistics, string operation)
    {
        ulong sum = 0;
        foreach (BlockIOUsage entry in statistics.BlockIO)
        {
            sum += entry.Table == "ioServiceBytesRecursive" && entry.Operation == operation ? entry.Value : 0;
        }

        return sum;
    }

    /// <summary>/proc/PID/net/dev (proc(5)): bytes of all interfaces but the loopback.</summary>
    private static (ulong Received, ulong Sent) Network(int pid)
    {
        (ulong received, ulong sent) = (0, 0);
        foreach (string line in (SmallFile.Read($"/proc/{pid}/net/dev") ?? "").Split('\n').Skip(2))
        {
            string[] words = line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 9 && words[0] != "lo" && ulong.TryParse(words[1], out ulong r) && ulong.TryParse(words[9], out ulong s))
            {
                received += r;
                sent += s;
            }
        }

        return (received, sent);
    }

    private static ulong HostMemory()
    {
        string line = (SmallFile.Read("/proc/meminfo") ?? "").Split('\n')[0];
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["MemTotal:", var kibibytes, ..] && ulong.TryParse(kibibytes, out ulong number) ? number * 1024 : ulong.MaxValue;
    }

    private static string Size(ulong bytes)
    {
        (double value, int unit) = (bytes, 0);
        for (; value >= 1000 && unit < 4; unit++)
        {
            value /= 1000;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.###}{(ReadOnlySpan<char>)(unit switch { 0 => "B", 1 => "kB", 2 => "MB", 3 => "GB", _ => "TB" })}");
    }
}
