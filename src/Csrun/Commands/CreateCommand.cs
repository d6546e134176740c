namespace Csrun.Commands;

/// <summary><c>csrun create [OPTIONS] ID</c>.</summary>
internal sealed class CreateCommand : Verb
{
    private readonly BundleOptions _options = new();

    internal override string Name => "create";

    internal override string Summary => "make a container of an OCI bundle; start runs its command";

    internal override string Synopsis => "[OPTIONS] ID";

    internal override string Description =>
        """
        Makes the container that config.json in the bundle describes (OCI runtime-spec), up to its command, which waits for csrun start ID. Prints nothing. ID is of the caller's choice: letters, digits, and _ + - . in it.

        The command's standard streams are csrun's own; with "terminal": true they are a terminal, whose master side goes to --console-socket.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun create --bundle ./box box1", "make it"),
        ("csrun create --explain --bundle ./box box1", "what would be done, and why"),
    ];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", _options.All)];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, 1);
        return invocation.Engine.Create(_options.Read(this, invocation), invocation.Global);
    }
}
