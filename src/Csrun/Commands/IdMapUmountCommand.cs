namespace Csrun.Commands;

/// <summary><c>csrun idmap umount DST</c>.</summary>
internal sealed class IdMapUmountCommand : Verb
{
    private readonly CliOption _recursive = new(OptionKind.Flag, "--recursive", "", "end the mounts below DST first");
    private readonly CliOption _lazy = new(OptionKind.Flag, "--lazy", "", "take it out of the tree at once, although processes use it; it ends with the last of them", "-l");

    internal override string Name => "idmap umount";

    internal override string Summary => "end an ID-mapped mount";

    internal override string Synopsis => "[OPTIONS] DST";

    internal override string Description =>
        """
        Ends the ID-mapped mount on DST. What is mounted there without a map is left to umount(8). When processes use the mount, they are named.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun idmap umount /mnt", "what csrun idmap mount had put there is gone")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_recursive, _lazy])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, 1);
        return invocation.Engine.IdMapUnmount(invocation.Words[0], invocation.Options.Flag(_recursive), invocation.Options.Flag(_lazy), invocation.Global);
    }
}
