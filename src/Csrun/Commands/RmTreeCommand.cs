namespace Csrun.Commands;

/// <summary><c>csrun rm-tree PATH...</c>.</summary>
internal sealed class RmTreeCommand : Verb
{
    internal override string Name => "rm-tree";

    internal override string Summary => "remove files that belong to your subordinate IDs";

    internal override string Synopsis => "PATH...";

    internal override string Description =>
        """
        Removes each PATH with all that is in it, where a plain rm -r answers "Permission denied" because a container's users own files in it. It works inside a user namespace of your IDs, by descriptors: no symbolic link is followed, and a swapped directory leads nowhere else.

        Before anything is removed each tree is looked through. Nothing is removed at all when a PATH is missing, is / or your home directory or a directory above it, holds files of other users, or has something mounted in it; each is named.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun rm-tree ./data", "a volume that containers have written to")];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, int.MaxValue);
        return invocation.Engine.RemoveTrees(invocation.Words, invocation.Global);
    }
}
