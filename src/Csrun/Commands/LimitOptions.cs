using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary>The options of <c>run</c> and <c>update</c> that limit a container as a whole.</summary>
internal sealed class LimitOptions
{
    private readonly CliOption[] _options =
    [
        new(OptionKind.Value, "--memory", "SIZE", "limit memory, such as 64m (run: at least 6m); -1 is no limit", "-m"),
        new(OptionKind.Value, "--memory-swap", "SIZE", "limit memory and swap together; -1 is no limit of swap (run's default: twice --memory)"),
        new(OptionKind.Value, "--memory-reservation", "SIZE", "memory that is left to the container when the host runs short"),
        new(OptionKind.Value, "--cpus", "NUMBER", "how many processors at most, such as 0.5"),
        new(OptionKind.Value, "--cpu-shares", "NUMBER", "its part of the processors beside other containers: 1024 is one part", "-c", "--cpu-share"),
        new(OptionKind.Value, "--cpu-quota", "MICROSECONDS", "processor time in each period; -1 is no limit"),
        new(OptionKind.Value, "--cpu-period", "MICROSECONDS", "the period of --cpu-quota"),
        new(OptionKind.Value, "--cpu-rt-runtime", "MICROSECONDS", "realtime processor time in each period"),
        new(OptionKind.Value, "--cpu-rt-period", "MICROSECONDS", "the period of --cpu-rt-runtime"),
        new(OptionKind.Value, "--cpuset-cpus", "LIST", "run on these processors only, such as 0-2,4"),
        new(OptionKind.Value, "--cpuset-mems", "LIST", "take memory from these NUMA nodes only"),
        new(OptionKind.Value, "--pids-limit", "NUMBER", "how many processes and threads at most; -1 is no limit"),
        new(OptionKind.Value, "--blkio-weight", "NUMBER", "its part of the disks' time, 10 to 1000"),
    ];

    internal IReadOnlyList<CliOption> Options => _options;

    /// <summary>Reads what was typed.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="isNew">Whether they are a new container's.</param>
    internal LimitsSpec Read(ParsedOptions parsed, bool isNew)
    {
        bool any = false;
        foreach (CliOption option in _options)
        {
            any |= parsed.Has(option);
        }

        return any ? LimitsSpec.Parse(name => parsed.Value(Array.Find(_options, o => o.Name == name)!), isNew) : LimitsSpec.None;
    }
}
