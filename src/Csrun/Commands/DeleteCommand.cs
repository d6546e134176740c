namespace Csrun.Commands;

/// <summary><c>csrun delete [--force] CONTAINER</c>.</summary>
internal sealed class DeleteCommand : Verb
{
    private readonly CliOption _force = new(OptionKind.Flag, "--force", "", "kill one that runs or is paused; one that is not there is no failure", "-f");

    internal override string Name => "delete";

    internal override string Summary => "remove a container that has ended";

    internal override string Synopsis => "[--force] CONTAINER";

    internal override string Description => "Removes what is left of a container that has ended, or that was created and never started, with its control group; its poststop hooks run then. Prints nothing. csrun rm removes several, and says which.";

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun delete --force box1", "even if it runs")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_force])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, 1);
        return invocation.Engine.Delete(invocation.Words[0], invocation.Options.Flag(_force), invocation.Global);
    }
}
