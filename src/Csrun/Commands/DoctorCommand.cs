namespace Csrun.Commands;

/// <summary><c>csrun doctor</c>.</summary>
internal sealed class DoctorCommand : Verb
{
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print as JSON");

    internal override string Name => "doctor";

    internal override string Summary => "check what this host lets csrun do, with the cause and the fix of what is missing";

    internal override string Synopsis => "[OPTIONS]";

    internal override string Description =>
        """
        Looks at each gate between you and a running container: the kernel, user namespaces and what restricts them, newuidmap and newgidmap, subordinate IDs, mounts, a fresh /proc, overlay on the store's file system, devices, control groups, libraries, an outer engine, the broker. Namespaces are tried for real, in child processes whose namespaces end with them. Nothing on the host is changed; a directory in the store's place is made for a moment.

        A line is ok, warn (containers start, something that some of them want is missing), fail (containers do not start) or skip (it does not matter here, or could not be looked at). What is not ok has its evidence, the cause, and the least that mends it as a command.

        The exit code is 0 when csrun run will work, warnings or not, and 1 when it will not.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun doctor", "the whole check"),
        ("csrun doctor --json", "the same for programs"),
        ("csrun --root /var/tmp/csrun-$USER doctor", "with the store in another place"),
    ];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_json])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 0);
        return invocation.Engine.Doctor(invocation.Options.Flag(_json), invocation.Global);
    }
}
