using Csrun.Linux;

namespace Csrun.Commands;

/// <summary>The options that stand before the verb or among its own.</summary>
internal sealed class CommonOptions
{
    internal CliOption Root { get; } = new(OptionKind.Value, "--root", "DIR", "keep images and containers in DIR (also: CSRUN_ROOT)") { IsPath = true };

    internal CliOption Log { get; } = new(OptionKind.Value, "--log", "FILE", "append messages to FILE as well") { IsPath = true };

    internal CliOption LogFormat { get; } = new(OptionKind.Value, "--log-format", "FORMAT", "write messages as text or json") { Choices = ["text", "json"] };

    internal CliOption Debug { get; } = new(OptionKind.Flag, "--debug", "", "show where in csrun a mistake of its own happened");

    internal CliOption SystemdCgroup { get; } = new(OptionKind.Flag, "--systemd-cgroup", "", "have systemd make control groups; cgroupsPath is SLICE:PREFIX:NAME then");

    internal CliOption Help { get; } = new(OptionKind.Flag, "--help", "", "show this help");

    internal OptionGroup Group() => new("Common options", [Root, Log, LogFormat, SystemdCgroup, Debug, Help]);

    /// <summary>Reads what was typed, and <c>CSRUN_ROOT</c> when <c>--root</c> was not.</summary>
    /// <exception cref="CsrunException">A value is not possible.</exception>
    internal GlobalOptions Read(ParsedOptions parsed, Func<string, string?> environment)
    {
        string? root = parsed.Value(Root);
        if (root is { Length: 0 })
        {
            throw new CsrunException("--root \"\"", "the directory's name is empty", "--root DIR");
        }

        string? fromEnvironment = environment("CSRUN_ROOT");
        string format = parsed.Value(LogFormat) ?? "text";
        return format is not ("text" or "json")
            ? throw new CsrunException($"--log-format \"{format}\"", "a format is text or json", "--log-format json")
            : new GlobalOptions
            {
                Root = root ?? (string.IsNullOrEmpty(fromEnvironment) ? null : fromEnvironment),
                LogFile = parsed.Value(Log),
                JsonLog = format == "json",
                Debug = parsed.Flag(Debug),
                SystemdCgroup = parsed.Flag(SystemdCgroup),
            };
    }
}
