namespace Csrun.Commands;

/// <summary><c>csrun images</c>.</summary>
internal sealed class ImagesCommand : Verb
{
    private readonly CliOption _quiet = new(OptionKind.Flag, "--quiet", "", "print names alone", "-q");
    private readonly CliOption _format = new(OptionKind.Value, "--format", "FORMAT", "print as table or json") { Choices = ["table", "json"] };

    internal override string Name => "images";

    internal override string Summary => "list the images of the store";

    internal override string Synopsis => "[OPTIONS]";

    internal override string Description =>
        """
        Lists the images that are unpacked in the store, one a line, and the root file system tarballs that csrun run would find.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun images", "what is there"), ("csrun images -q", "names alone, for scripts")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_quiet, _format])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 0);
        string format = invocation.Options.Value(_format) ?? "table";
        return format is "table" or "json"
            ? invocation.Engine.Images(invocation.Options.Flag(_quiet), format == "json", invocation.Global)
            : throw Wrong($"--format \"{format}\"", "the formats are table and json", "--format json");
    }
}
