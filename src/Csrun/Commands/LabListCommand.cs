namespace Csrun.Commands;

/// <summary><c>csrun lab list</c>.</summary>
internal sealed class LabListCommand : Verb
{
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print an array of objects");

    internal override string Name => "lab list";

    internal override string Summary => "list the labs";

    internal override string Synopsis => "[--json]";

    internal override string Description => "Lists the labs with what each shows, what it needs, and the article and section that it replays.";

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun lab list", "what there is to learn")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_json])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 0);
        return invocation.Engine.LabList(invocation.Options.Flag(_json));
    }
}
