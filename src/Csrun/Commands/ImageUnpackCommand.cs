namespace Csrun.Commands;

/// <summary><c>csrun image unpack IMAGE DIR</c>.</summary>
internal sealed class ImageUnpackCommand : Verb
{
    internal override string Name => "image unpack";

    internal override string Summary => "make a plain root file system of an image";

    internal override string Synopsis => "IMAGE DIR";

    internal override string Description =>
        """
        Unpacks IMAGE into DIR, which is made, or has to be empty. The files belong to the caller and to the caller's subordinate IDs, as they do under csrun run with --userns private; csrun run --rootfs DIR then runs what is in it.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun image unpack alpine ./rootfs", "a directory to look at, change and run")];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 2, 2);
        return invocation.Engine.ImageUnpack(invocation.Words[0], invocation.Words[1], invocation.Global);
    }
}
