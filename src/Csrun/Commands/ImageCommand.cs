namespace Csrun.Commands;

/// <summary><c>csrun image --help</c>: which verbs there are for images. The verbs themselves are <c>image unpack</c> and <c>image rm</c>.</summary>
internal sealed class ImageCommand : Verb
{
    internal override string Name => "image";

    internal override string Summary => "work with images";

    internal override string Synopsis => "unpack|rm ...";

    internal override string Description =>
        """
        csrun image unpack IMAGE DIR makes a plain root file system of an image; csrun image rm IMAGE... removes images from the store; csrun images lists them.
        """;

    internal override IReadOnlyList<string> Operands => ["unpack", "rm"];

    internal override int Invoke(Invocation invocation) => throw Wrong("what to do is missing", "image is followed by unpack or rm", "csrun image unpack IMAGE DIR");
}
