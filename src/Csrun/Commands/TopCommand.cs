namespace Csrun.Commands;

/// <summary><c>csrun top CONTAINER</c>.</summary>
internal sealed class TopCommand : Verb
{
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print JSON");

    internal override string Name => "top";

    internal override string Summary => "list the processes of a container, by their IDs inside and on the host";

    internal override string Synopsis => "[OPTIONS] CONTAINER";

    internal override string Description =>
        """
        Lists the processes of CONTAINER: USER and PID as the container sees them, HUSER and HPID as the host does. csrun ps CONTAINER is the host's ps(1), for the same processes.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun top box", "who runs what")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_json])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, 1);
        return invocation.Engine.Top(invocation.Words[0], invocation.Options.Flag(_json), invocation.Global);
    }
}
