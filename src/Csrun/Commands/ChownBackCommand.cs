namespace Csrun.Commands;

/// <summary><c>csrun chown-back PATH...</c>.</summary>
internal sealed class ChownBackCommand : Verb
{
    private readonly CliOption _crossMounts = new(OptionKind.Flag, "--cross-mounts", "", "also go into what is mounted below PATH");

    internal override string Name => "chown-back";

    internal override string Summary => "make files of your subordinate IDs your own again";

    internal override string Synopsis => "[OPTIONS] PATH...";

    internal override string Description =>
        """
        Gives each PATH with all that is in it back to you: owners that are your subordinate user IDs become you, groups that are your subordinate group IDs become your group. Your own files keep the groups of others, modes stay as they are, and the kernel takes set-user-ID bits and file capabilities from what changes its owner. No symbolic link is followed.

        Where a volume was given to a container's user with the option U, csrun has written down what it changed: then exactly that is undone, file by file, where the owner is still the one that U gave it; what containers have made since stays theirs, and running chown-back again gives it back, too.

        Before anything is changed each tree is looked through. Nothing is changed at all when a PATH is missing, is / or your home directory or a directory above it, or holds files of other users; each is named. What is mounted below PATH is left out, and said, unless --cross-mounts asks for it.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun chown-back ./data", "a volume that containers have written to")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_crossMounts])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, int.MaxValue);
        return invocation.Engine.ChownBack(invocation.Words, invocation.Options.Flag(_crossMounts), invocation.Global);
    }
}
