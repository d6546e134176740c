namespace Csrun.Commands;

/// <summary><c>csrun events ID</c>.</summary>
internal sealed class EventsCommand : Verb
{
    private readonly CliOption _stats = new(OptionKind.Flag, "--stats", "", "print once, and end");
    private readonly CliOption _interval = new(OptionKind.Value, "--interval", "TIME", "how long between two, such as 500ms or 5s (default: 5s)");

    internal override string Name => "events";

    internal override string Summary => "print what a container uses, as runc does, for programs";

    internal override string Synopsis => "[OPTIONS] CONTAINER";

    internal override string Description =>
        """
        Prints one JSON object a line: type stats, with processor time in nanoseconds, memory in bytes, processes, block devices and huge pages, every five seconds; and type oom when the kernel has killed a process of the container for want of memory. Ends with the container. csrun stats is for people.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun events --stats box", "once")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_stats, _interval])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, 1);
        TimeSpan interval = IntervalOption.Read(this, invocation.Options.Value(_interval) ?? "5s");
        return invocation.Engine.Events(invocation.Words[0], invocation.Options.Flag(_stats), interval, invocation.Global);
    }
}
