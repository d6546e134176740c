namespace Csrun.Commands;

/// <summary><c>csrun ns [tree|PID|CONTAINER]</c>.</summary>
internal sealed class NsCommand : Verb
{
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print JSON");

    internal override string Name => "ns";

    internal override string Summary => "show namespaces: the tree of user namespaces, or those of a process";

    internal override string Synopsis => "[--json] [tree|PID|CONTAINER]";

    internal override string Description =>
        """
        Without an operand, or with tree, draws the user namespaces that there are, each below the one it was made in: who made it, its ID maps, the namespaces that belong to it (mnt, pid, net, ipc, uts, cgroup, time) and the processes in it. What owns a namespace decides whose capabilities count there: root of a user namespace is root over the namespaces that belong to it, and over no others. Namespaces that csrun was started in are marked as yours.

        With a process, or a running container by its name or ID, shows the namespaces of that process, which of them you share, and which user namespace owns each. (A container named tree is found by its ID.)

        An ordinary user sees the namespaces of the processes that it may look at (ptrace(2), access mode checking); how many others there are is said. Numbers are those of /proc/PID/ns; PIDs and IDs are the caller's.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun ns", "the tree"),
        ("csrun ns $$", "the namespaces of your shell"),
        ("csrun ns --json tree", "the tree for programs"),
    ];

    internal override IReadOnlyList<string> Operands => ["tree"];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_json])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 1);
        return invocation.Engine.Namespaces(invocation.Words.Count == 0 ? null : invocation.Words[0], invocation.Options.Flag(_json), invocation.Global);
    }
}
