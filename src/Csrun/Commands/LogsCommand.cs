namespace Csrun.Commands;

/// <summary><c>csrun logs CONTAINER</c>.</summary>
internal sealed class LogsCommand : Verb
{
    private readonly CliOption _follow = new(OptionKind.Flag, "--follow", "", "go on until the container ends", "-f");

    internal override string Name => "logs";

    internal override string Summary => "print what a container in the background has written";

    internal override string Synopsis => "[OPTIONS] CONTAINER";

    internal override string Description =>
        """
        Prints what CONTAINER, started with run -d, has written to its standard output and standard error, in the order in which it wrote it. CONTAINER is a name, an ID, or the beginning of an ID that no other container's has.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun logs box", "so far"), ("csrun logs -f box", "as it comes, until the container ends")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_follow])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, 1);
        return invocation.Engine.Logs(invocation.Words[0], invocation.Options.Flag(_follow), invocation.Global);
    }
}
