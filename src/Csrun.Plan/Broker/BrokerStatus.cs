using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Broker;

/// <summary>How the broker is, and what it would grant to who asks.</summary>
/// <remarks>Travels as lines <c>key value</c>; unknown keys are skipped, so that an older csrun can ask a newer broker.</remarks>
public sealed record BrokerStatus
{
    /// <summary>The broker's csrun version.</summary>
    public required string Version { get; init; }

    /// <summary>Its process ID.</summary>
    public required int Pid { get; init; }

    /// <summary>Since when it runs, in seconds since 1970.</summary>
    public required long StartedUnixSeconds { get; init; }

    /// <summary>How many mounts it has made.</summary>
    public required long Granted { get; init; }

    /// <summary>How many requests it has refused.</summary>
    public required long Refused { get; init; }

    /// <summary>Why it would grant the caller nothing; null where it would grant something.</summary>
    public string? Refusal { get; init; }

    /// <summary>The user IDs that it takes as the caller's own.</summary>
    public ImmutableArray<IdRange> Uids { get; init; } = [];

    /// <summary>The group IDs likewise.</summary>
    public ImmutableArray<IdRange> Gids { get; init; } = [];

    /// <summary>As text.</summary>
    public string Encode()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"version {Version}\npid {Pid}\nstarted {StartedUnixSeconds}\ngranted {Granted}\nrefused {Refused}\n");
        if (Refusal is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"refusal {Refusal}\n");
        }

        foreach (IdRange range in Uids)
        {
            text.Append(CultureInfo.InvariantCulture, $"uids {range.Start} {range.Count}\n");
        }

        foreach (IdRange range in Gids)
        {
            text.Append(CultureInfo.InvariantCulture, $"gids {range.Start} {range.Count}\n");
        }

        return text.ToString();
    }

    /// <summary>Reads the text; what is missing is empty or 0.</summary>
    public static BrokerStatus Decode(string text)
    {
        BrokerStatus status = new() { Version = "", Pid = 0, StartedUnixSeconds = 0, Granted = 0, Refused = 0 };
        foreach (string line in text.Split('\n'))
        {
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            if (blank < 0)
            {
                continue;
            }

            string value = line[(blank + 1)..];
            _ = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
            status = line[..blank] switch
            {
                "version" => status with { Version = value },
                "pid" => status with { Pid = (int)number },
                "started" => status with { StartedUnixSeconds = number },
                "granted" => status with { Granted = number },
                "refused" => status with { Refused = number },
                "refusal" => status with { Refusal = value },
                "uids" => status with { Uids = [.. status.Uids, Range(value)] },
                "gids" => status with { Gids = [.. status.Gids, Range(value)] },
                _ => status,
            };
        }

        return status;
    }

    private static IdRange Range(string text)
    {
        string[] numbers = text.Split(' ');
        return numbers.Length == 2 && IdNumber.TryParse(numbers[0], out uint start) && IdNumber.TryParseCount(numbers[1], out uint count) ? new IdRange(start, count) : default;
    }
}
