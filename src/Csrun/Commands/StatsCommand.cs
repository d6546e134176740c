namespace Csrun.Commands;

/// <summary><c>csrun stats [CONTAINER...]</c>.</summary>
internal sealed class StatsCommand : Verb
{
    private readonly CliOption _once = new(OptionKind.Flag, "--no-stream", "", "print once, and end");
    private readonly CliOption _interval = new(OptionKind.Value, "--interval", "TIME", "how long between two (default: 5s)", "-i");
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print JSON");

    internal override string Name => "stats";

    internal override string Summary => "show what containers use";

    internal override string Synopsis => "[OPTIONS] [CONTAINER...]";

    internal override string Description =>
        """
        Shows processor, memory, processes and block devices of each CONTAINER, or of all that run and have a control group of their own, again and again. CPU % is of one processor, since the line before, or since the container's start.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun stats --no-stream", "once, all containers"), ("csrun stats --no-stream --json box", "for scripts")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_once, _interval, _json])];

    internal override int Invoke(Invocation invocation)
    {
        ParsedOptions options = invocation.Options;
        return invocation.Engine.Stats(invocation.Words, options.Flag(_once), IntervalOption.Read(this, options.Value(_interval) ?? "5s"), options.Flag(_json), invocation.Global);
    }
}
