namespace Csrun.Commands;

/// <summary><c>csrun list [OPTIONS]</c>.</summary>
internal sealed class ListCommand : Verb
{
    private readonly CliOption _format = new(OptionKind.Value, "--format", "FORMAT", "table or json", "-f") { Choices = ["table", "json"] };
    private readonly CliOption _quiet = new(OptionKind.Flag, "--quiet", "", "print IDs alone", "-q");

    internal override string Name => "list";

    internal override string Summary => "list containers as runc does";

    internal override string Synopsis => "[OPTIONS]";

    internal override string Description => "Lists all containers, those that have ended, too: ID, process ID, status, bundle, time and owner. csrun ps lists the same ones for people.";

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun list --format json", "for programs")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_format, _quiet])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 0);
        string format = invocation.Options.Value(_format) ?? "table";
        return format is "table" or "json"
            ? invocation.Engine.List(invocation.Options.Flag(_quiet), format == "json", invocation.Global)
            : throw Wrong($"--format \"{format}\"", "a format is table or json");
    }
}
