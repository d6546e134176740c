namespace Csrun.Commands;

/// <summary><c>csrun spec [--bundle DIR] [--rootless]</c>.</summary>
internal sealed class SpecCommand : Verb
{
    private readonly CliOption _bundle = new(OptionKind.Value, "--bundle", "DIR", "write it in this directory, in place of the current one", "-b") { IsPath = true };
    private readonly CliOption _rootless = new(OptionKind.Flag, "--rootless", "", "for an ordinary user: a user namespace in which root is the caller");

    internal override string Name => "spec";

    internal override string Summary => "write an OCI config.json to start from";

    internal override string Synopsis => "[OPTIONS]";

    internal override string Description =>
        """
        Writes config.json, an OCI runtime-spec configuration to start from: sh on a terminal, in the directory rootfs beside it, read-only. An existing file is not replaced.

        With --rootless it is one that an ordinary user can run: root of its user namespace is the caller, the network is the host's, and there are no limits.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun image unpack alpine box/rootfs", "a root file system for it"),
        ("csrun spec --rootless --bundle box", "write box/config.json"),
        ("csrun run -it --config box/config.json", "and run it"),
    ];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_bundle, _rootless])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 0);
        return invocation.Engine.Spec(invocation.Options.Value(_bundle) ?? ".", invocation.Options.Flag(_rootless), invocation.Global);
    }
}
