namespace Csrun.Commands;

/// <summary><c>csrun idmap probe [PATH...]</c>.</summary>
internal sealed class IdMapProbeCommand : Verb
{
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print JSON");

    internal override string Name => "idmap probe";

    internal override string Summary => "find out which file systems can be ID-mapped here";

    internal override string Synopsis => "[OPTIONS] [PATH...]";

    internal override string Description =>
        """
        Tries to ID-map every mounted file system, or those that the PATHs lie on, and says what the kernel answered and why, and since which Linux that file system can be mapped. What is mapped is a copy of the mount that is attached nowhere and gone at once.

        An ordinary user's trial runs in a user and mount namespace of its own, and tries a new tmpfs and a new overlay there too.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun idmap probe", "every mounted file system"), ("csrun idmap probe --json /home /tmp", "those of two directories, for programs")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_json])];

    internal override int Invoke(Invocation invocation) =>
        invocation.Engine.IdMapProbe(invocation.Words, invocation.Options.Flag(_json), invocation.Global);
}
