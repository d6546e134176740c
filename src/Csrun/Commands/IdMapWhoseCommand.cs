namespace Csrun.Commands;

/// <summary><c>csrun idmap whose PATH...</c>.</summary>
internal sealed class IdMapWhoseCommand : Verb
{
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print JSON");

    internal override string Name => "idmap whose";

    internal override string Summary => "say to whom a file belongs, subordinate IDs decoded";

    internal override string Synopsis => "[OPTIONS] PATH...";

    internal override string Description =>
        """
        Says of each PATH which account and group it belongs to, and where the ID is a subordinate one: of which user, and as whom that user's containers see it under the default map. So 100999 becomes "user 1000 in the containers of csrun-test". Symbolic links are followed.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun idmap whose /etc/passwd", "an account's file"), ("csrun idmap whose --json ./data", "for programs")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_json])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, int.MaxValue);
        return invocation.Engine.IdMapWhose(invocation.Words, invocation.Options.Flag(_json), invocation.Global);
    }
}
