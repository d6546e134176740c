using System.Collections.Immutable;

namespace Csrun.Plan.Requests;

/// <summary>All <c>--security-opt</c> of one command line together.</summary>
public sealed record SecurityOpts
{
    private static readonly string[] s_keys = ["no-new-privileges", "seccomp", "unmask", "mask", "systempaths", "apparmor", "label", "proc-opts"];

    /// <summary>Nothing was asked for.</summary>
    public static SecurityOpts Default { get; } = new();

    /// <summary>Whether setuid programs are to gain nothing (no_new_privs); null when not asked about.</summary>
    public bool? NoNewPrivileges { get; init; }

    /// <summary><c>unconfined</c>, <c>builtin</c>, the path of a profile, or null when not asked about.</summary>
    public string? Seccomp { get; init; }

    /// <summary>The AppArmor profile, or null when not asked about.</summary>
    public string? AppArmor { get; init; }

    /// <summary>Paths that are neither masked nor made read-only; see <see cref="UnmaskAll"/>.</summary>
    public ImmutableArray<string> Unmask { get; init; } = [];

    /// <summary>Whether nothing is masked and nothing made read-only.</summary>
    public bool UnmaskAll { get; init; }

    /// <summary>Paths that are masked besides the usual ones.</summary>
    public ImmutableArray<string> Mask { get; init; } = [];

    /// <summary>Reads the values; of two that answer the same question the later counts.</summary>
    /// <param name="values">The values in the order of the command line.</param>
    /// <param name="option">The option as it was typed, for messages.</param>
    /// <exception cref="Csrun.Linux.CsrunException">A value is not understood or not possible.</exception>
    public static SecurityOpts Parse(IReadOnlyList<string> values, string option = "--security-opt")
    {
        SecurityOpts result = new();
        foreach (string text in values)
        {
            // Docker still takes the older colon in place of the equals sign.
            int separator = text.AsSpan().IndexOfAny('=', ':');
            string key = separator < 0 ? text : text[..separator];
            string? value = separator < 0 ? null : text[(separator + 1)..];
            result = key switch
            {
                "no-new-privileges" => result with { NoNewPrivileges = OptionValue.Flag(option, text, key, value) },
                "seccomp" => result with { Seccomp = Value(option, text, key, value, "unconfined, builtin, or the path of a profile") },
                "unmask" => value is "ALL" or "all"
                    ? result with { UnmaskAll = true }
                    : result with { Unmask = result.Unmask.AddRange(Paths(option, text, Value(option, text, key, value, "ALL, or paths with colons between them"))) },
                "mask" => result with { Mask = result.Mask.AddRange(Paths(option, text, Value(option, text, key, value, "paths with colons between them"))) },
                "systempaths" when value == "unconfined" => result with { UnmaskAll = true },
                "systempaths" => throw OptionValue.Wrong(option, text, "the only value of systempaths is unconfined", $"{option} systempaths=unconfined"),

                "apparmor" => result with { AppArmor = Value(option, text, key, value, "unconfined, or the name of a profile that is loaded") },

                // What is asked for is already so: csrun sets no label that no configuration names.
                "label" when value == "disable" => result,
                "label" => throw OptionValue.Later(option, text, "csrun makes up no SELinux label of its parts", $"name a whole one as process.selinuxLabel of --config FILE, or {option} label=disable"),
                "proc-opts" => throw OptionValue.Later(option, text, "options for /proc come with a later version", "leave the option out"),
                _ => throw OptionValue.Wrong(option, text, $"\"{key}\" is no security option{Closest.Clause(key, s_keys)}", "the options are no-new-privileges seccomp= unmask= mask= systempaths=unconfined"),
            };
        }

        return result;
    }

    private static string Value(string option, string text, string key, string? value, string what) =>
        string.IsNullOrEmpty(value) ? throw OptionValue.Wrong(option, text, $"{key} needs a value: {what}", $"{option} {key}=...") : value;

    private static List<string> Paths(string option, string text, string value)
    {
        List<string> paths = [];
        foreach (string path in value.Split(':'))
        {
            paths.Add(ContainerPath.Parse(option, text, path));
        }

        return paths;
    }
}
