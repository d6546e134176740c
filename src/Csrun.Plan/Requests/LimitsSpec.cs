using System.Globalization;
using Csrun.Oci;

namespace Csrun.Plan.Requests;

/// <summary>Limits for a container as a whole, as the command line has them: <c>--memory 64m --cpus 0.5</c>.</summary>
public sealed record LimitsSpec
{
    private const ulong CpuPeriod = 100_000; // microseconds, as Docker sets it for --cpus

    private const long LeastMemory = 6 << 20;

    /// <summary>No limit.</summary>
    public static LimitsSpec None { get; } = new();

    /// <summary>The limits as a part of the runtime-spec.</summary>
    public Resources Resources { get; private init; } = new();

    /// <summary>Whether nothing is asked for.</summary>
    public bool IsEmpty => Resources is { Memory: null, Cpu: null, Pids: null, BlockIO: null };

    /// <summary>Reads the options.</summary>
    /// <param name="value">The value of an option by its long name, or null.</param>
    /// <param name="isNew">Whether the container is a new one, which gets Docker's limit of swap beside a limit of memory.</param>
    /// <exception cref="Csrun.Linux.CsrunException">A value is not understood, or two contradict each other.</exception>
    public static LimitsSpec Parse(Func<string, string?> value, bool isNew)
    {
        string? cpus = value("--cpus");
        if (cpus is not null && (value("--cpu-quota") ?? value("--cpu-period")) is not null)
        {
            throw OptionValue.Wrong("--cpus", cpus, "--cpus stands for a quota and a period, and one of these is given as well", "--cpus alone");
        }

        CpuResources cpu = new()
        {
            Shares = Unsigned(value, "--cpu-shares"),
            Quota = cpus is null ? Signed(value, "--cpu-quota") : Cpus(cpus),
            Period = cpus is null ? Unsigned(value, "--cpu-period") : CpuPeriod,
            RealtimePeriod = Unsigned(value, "--cpu-rt-period"),
            RealtimeRuntime = Signed(value, "--cpu-rt-runtime"),
            Cpus = value("--cpuset-cpus"),
            Mems = value("--cpuset-mems"),
        };
        MemoryResources memory = new()
        {
            Limit = Size(value, "--memory"),
            Reservation = Size(value, "--memory-reservation"),
            Swap = Size(value, "--memory-swap"),
        };
        if (isNew && memory.Limit is > 0 and < LeastMemory)
        {
            throw OptionValue.Wrong("--memory", value("--memory")!, "6m is the least, as in Docker: with less the kernel kills the container's first process before its command begins", "--memory 64m");
        }

        memory = Swap(memory, value, isNew);
        ulong? weight = Unsigned(value, "--blkio-weight");
        if (weight is not null and not 0 and (< 10 or > 1000))
        {
            throw OptionValue.Wrong("--blkio-weight", $"{weight}", "a weight is from 10 to 1000", "--blkio-weight 500");
        }

        return new LimitsSpec
        {
            Resources = new Resources
            {
                Cpu = cpu == new CpuResources() ? null : cpu,
                Memory = memory == new MemoryResources() ? null : memory,
                Pids = Pids(value) is { } pids ? new PidsResources { Limit = pids } : null,
                BlockIO = weight is null ? null : new BlockIOResources { Weight = (ushort)weight.Value },
            },
        };
    }

    /// <summary>These limits over others: what is named here wins.</summary>
    public Resources Over(Resources? basis)
    {
        basis ??= new Resources();
        Resources own = Resources;
        return basis with
        {
            Memory = own.Memory is null ? basis.Memory : (basis.Memory ?? new MemoryResources()) with
            {
                Limit = own.Memory.Limit ?? basis.Memory?.Limit,
                Swap = own.Memory.Swap ?? basis.Memory?.Swap,
                Reservation = own.Memory.Reservation ?? basis.Memory?.Reservation,
            },
            Cpu = own.Cpu is null ? basis.Cpu : (basis.Cpu ?? new CpuResources()) with
            {
                Shares = own.Cpu.Shares ?? basis.Cpu?.Shares,
                Quota = own.Cpu.Quota ?? basis.Cpu?.Quota,
                Period = own.Cpu.Period ?? basis.Cpu?.Period,
                RealtimePeriod = own.Cpu.RealtimePeriod ?? basis.Cpu?.RealtimePeriod,
                RealtimeRuntime = own.Cpu.RealtimeRuntime ?? basis.Cpu?.RealtimeRuntime,
                Cpus = own.Cpu.Cpus ?? basis.Cpu?.Cpus,
                Mems = own.Cpu.Mems ?? basis.Cpu?.Mems,
            },
            Pids = own.Pids ?? basis.Pids,
            BlockIO = own.BlockIO is null ? basis.BlockIO : (basis.BlockIO ?? new BlockIOResources()) with { Weight = own.BlockIO.Weight },
        };
    }

    private static MemoryResources Swap(MemoryResources memory, Func<string, string?> value, bool isNew)
    {
        if (!isNew)
        {
            return memory;
        }

        if (memory is { Swap: > 0 and var swap } && (memory.Limit is null or <= 0 || swap < memory.Limit))
        {
            throw OptionValue.Wrong("--memory-swap", value("--memory-swap")!, memory.Limit is null or <= 0 ? "it limits memory and swap together, and --memory is not given" : $"it limits memory and swap together, and is below --memory {value("--memory")}", "--memory 64m --memory-swap 128m, or --memory-swap -1 for no limit of swap");
        }

        // Docker: as much swap as memory, when nothing was said about swap.
        return memory is { Limit: > 0 and < long.MaxValue / 2 and var limit, Swap: null or 0 } ? memory with { Swap = limit * 2 } : memory;
    }

    private static long Cpus(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal cpus) && cpus is >= 0.01m and <= 100_000m
            ? (long)(cpus * CpuPeriod)
            : throw OptionValue.Wrong("--cpus", text, "it is a number of processors, at least 0.01", "--cpus 0.5");

    private static long? Pids(Func<string, string?> value)
    {
        long? limit = Signed(value, "--pids-limit");
        // Docker's and podman's word for none; in the runtime-spec 0 is nothing said.
        return limit == 0 ? -1 : limit;
    }

    private static long? Size(Func<string, string?> value, string option) => value(option) switch
    {
        null => null,
        "-1" => -1,
        string text => MemorySize.Parse(text, option),
    };

    private static ulong? Unsigned(Func<string, string?> value, string option) => value(option) is not { } text ? null
        : OptionValue.TryUnsigned(text, out ulong number) ? number
        : throw OptionValue.Wrong(option, text, "it is a whole number");

    private static long? Signed(Func<string, string?> value, string option) => value(option) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= -1 ? number
        : throw OptionValue.Wrong(option, text, "it is a whole number, or -1 for no limit");
}
