namespace Csrun.Commands;

/// <summary><c>csrun rm CONTAINER...</c>.</summary>
internal sealed class RmCommand : Verb
{
    private readonly CliOption _force = new(OptionKind.Flag, "--force", "", "kill a container that runs or is paused, then remove it", "-f");

    internal override string Name => "rm";

    internal override string Summary => "remove containers that have ended";

    internal override string Synopsis => "[OPTIONS] CONTAINER...";

    internal override string Description =>
        """
        Removes each CONTAINER that has ended, or was created and never started, with what it wrote into its root, its log and its control group, and prints what it has removed. CONTAINER is a name, an ID, or the beginning of an ID that no other container's has.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun rm box", "remove one that has ended"), ("csrun rm -f box", "whether it runs or not")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_force])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, int.MaxValue);
        return invocation.Engine.Remove(invocation.Words, invocation.Options.Flag(_force), invocation.Global);
    }
}
