namespace Csrun.Plan.Requests;

/// <summary>A resource limit: <c>--ulimit nofile=1024:2048</c>.</summary>
/// <param name="Type">The name in the runtime-spec: <c>RLIMIT_NOFILE</c>.</param>
/// <param name="Soft">The limit in force; <see cref="ulong.MaxValue"/> is none.</param>
/// <param name="Hard">How far it may be raised; <see cref="ulong.MaxValue"/> is without end.</param>
/// <remarks>getrlimit(2).</remarks>
public readonly record struct UlimitSpec(string Type, ulong Soft, ulong Hard)
{
    private static readonly string[] s_names = ["as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack"];

    /// <summary>Reads <c>NAME=SOFT[:HARD]</c>; -1 and <c>unlimited</c> are no limit.</summary>
    /// <param name="text">The value.</param>
    /// <param name="option">The option as it was typed, for messages.</param>
    /// <exception cref="Csrun.Linux.CsrunException">The value is not understood or not possible.</exception>
    public static UlimitSpec Parse(string text, string option = "--ulimit")
    {
        (string name, string? limits) = OptionValue.KeyValue(text);
        if (Array.IndexOf(s_names, name) < 0)
        {
            throw OptionValue.Wrong(option, text, $"\"{name}\" is no resource limit{Closest.Clause(name, s_names)}", $"the limits are {string.Join(' ', s_names)}");
        }

        if (limits is null)
        {
            throw OptionValue.Wrong(option, text, "the limit's value is missing", $"{option} {name}=SOFT[:HARD]");
        }

        int colon = limits.IndexOf(':', StringComparison.Ordinal);
        ulong soft = Number(option, text, colon < 0 ? limits : limits[..colon]);
        ulong hard = colon < 0 ? soft : Number(option, text, limits[(colon + 1)..]);
        return soft > hard
            ? throw OptionValue.Wrong(option, text, "the first limit (soft) is above the second (hard), which the kernel refuses", $"{option} {name}={limits[(colon + 1)..]}:{limits[..colon]}")
            : new UlimitSpec("RLIMIT_" + name.ToUpperInvariant(), soft, hard);
    }

    private static ulong Number(string option, string text, string number) =>
        number is "-1" or "unlimited" ? ulong.MaxValue
        : OptionValue.TryUnsigned(number, out ulong value) ? value
        : throw OptionValue.Wrong(option, text, $"\"{number}\" is no limit: it has to be a whole number (sizes in bytes), or -1 for none");
}
