namespace Csrun.Commands;

/// <summary><c>csrun image rm IMAGE...</c>.</summary>
internal sealed class ImageRemoveCommand : Verb
{
    private readonly CliOption _all = new(OptionKind.Flag, "--all", "", "remove every image", "-a");

    internal override string Name => "image rm";

    internal override string Summary => "remove images from the store";

    internal override string Synopsis => "[OPTIONS] IMAGE...";

    internal override string Description =>
        """
        Removes what was unpacked of each IMAGE from the store, the trees of all ID maps. Tarballs in CSRUN_IMAGE_PATH stay. An image that a container still runs from is kept, and csrun says so.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun image rm alpine", "remove one"), ("csrun image rm --all", "empty the store")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_all])];

    internal override int Invoke(Invocation invocation)
    {
        bool all = invocation.Options.Flag(_all);
        Expect(invocation.Words, all ? 0 : 1, all ? 0 : int.MaxValue);
        return invocation.Engine.ImageRemove(invocation.Words, all, invocation.Global);
    }
}
