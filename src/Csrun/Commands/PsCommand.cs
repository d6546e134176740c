namespace Csrun.Commands;

/// <summary><c>csrun ps</c>.</summary>
internal sealed class PsCommand : Verb
{
    private readonly CliOption _all = new(OptionKind.Flag, "--all", "", "list those that have ended, too", "-a");
    private readonly CliOption _quiet = new(OptionKind.Flag, "--quiet", "", "print IDs alone", "-q");
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print JSON");

    internal override string Name => "ps";

    internal override string Summary => "list containers";

    internal override string Synopsis => "[OPTIONS]";

    internal override string Description =>
        """
        Lists your containers, the newest first: those that run, in the background and in the foreground, and with -a those that have ended and are kept.

        PID is the container's first process as the host numbers it. UNPRIVILEGED is true when the container's root is not the host's root.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun ps", "what runs"), ("csrun ps -aq", "the IDs of all, for scripts")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_all, _quiet, _json])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 0);
        ParsedOptions options = invocation.Options;
        return invocation.Engine.Ps(options.Flag(_all), options.Flag(_quiet), options.Flag(_json), invocation.Global);
    }
}
