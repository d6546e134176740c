namespace Csrun.Commands;

/// <summary><c>csrun idmap show [PID|CONTAINER]</c>.</summary>
internal sealed class IdMapShowCommand : Verb
{
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print JSON");

    internal override string Name => "idmap show";

    internal override string Summary => "show the ID maps of a process, and its ID-mapped mounts";

    internal override string Synopsis => "[OPTIONS] [PID|CONTAINER]";

    internal override string Description =>
        """
        Shows the user namespace that the process runs in, who made it, its uid_map and gid_map (the ID inside, the ID in csrun's own user namespace, how many), and the ID-mapped mounts that the process sees, with their maps where the kernel tells them (Linux 6.15). The process is named by its number, or by the name or ID of a running container. Without either it is the caller's own.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun idmap show", "the caller's own maps"),
        ("csrun idmap show --json 1", "those of process 1, for programs"),
    ];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_json])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 1);
        return invocation.Engine.IdMapShow(invocation.Words.Count == 0 ? null : invocation.Words[0], invocation.Options.Flag(_json), invocation.Global);
    }
}
