namespace Csrun.Commands;

/// <summary><c>csrun ps</c>.</summary>
internal sealed class PsCommand : Verb
{
    private readonly CliOption _all = new(OptionKind.Flag, "--all", "", "list those that have ended, too", "-a");
    private readonly CliOption _quiet = new(OptionKind.Flag, "--quiet", "", "print IDs alone", "-q");
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print JSON");
    private readonly CliOption _format = new(OptionKind.Value, "--format", "FORMAT", "table or json; with CONTAINER, json is its process IDs alone (runc)", "-f") { Choices = ["table", "json"] };

    internal override string Name => "ps";

    internal override string Summary => "list containers";

    internal override string Synopsis => "[OPTIONS] [CONTAINER [PS-OPTION...]]";

    internal override bool OptionsEndAtFirstWord => true;

    internal override string Description =>
        """
        Lists your containers, the newest first: those that run, in the background and in the foreground, and with -a those that have ended and are kept.

        With CONTAINER it lists that container's processes instead, as runc does: the lines of the host's ps(1), called with what follows, or -ef. csrun top shows the IDs inside as well.

        PID is the container's first process as the host numbers it. UNPRIVILEGED is true when the container's root is not the host's root.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun ps", "what runs"), ("csrun ps -aq", "the IDs of all, for scripts"), ("csrun ps box -eo pid,user,args", "the processes of one, by the host's ps(1)")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_all, _quiet, _json, _format])];

    internal override int Invoke(Invocation invocation)
    {
        ParsedOptions options = invocation.Options;
        string format = options.Value(_format) ?? (options.Flag(_json) ? "json" : "table");
        if (format is not ("table" or "json"))
        {
            throw Wrong($"--format \"{format}\"", "a format is table or json", "--format json");
        }

        if (invocation.Words.Count != 0)
        {
            return invocation.Engine.Processes(invocation.Words[0], format == "json", [.. invocation.Words.Skip(1)], invocation.Global);
        }

        return invocation.Engine.Ps(options.Flag(_all), options.Flag(_quiet), format == "json", invocation.Global);
    }
}
