namespace Csrun.Commands;

/// <summary><c>csrun idmap import-lxc FILE</c>.</summary>
internal sealed class IdMapImportLxcCommand : Verb
{
    private readonly CliOption _output = new(OptionKind.Value, "--output", "FILE", "write the configuration to FILE; otherwise it goes to standard output", "-o") { IsPath = true };

    internal override string Name => "idmap import-lxc";

    internal override string Summary => "make an OCI configuration of an LXC container's";

    internal override string Synopsis => "[OPTIONS] FILE";

    internal override string Description =>
        """
        Reads FILE, the configuration of an LXC container (/var/lib/lxc/NAME/config), with the files that it includes, and writes an OCI configuration for csrun run --config. It takes lxc.rootfs.path (a directory, with or without dir:), lxc.idmap, lxc.uts.name, lxc.mount.entry, lxc.environment, lxc.init.cmd, lxc.init.cwd, lxc.init.uid and lxc.init.gid, lxc.net.0.type where it is none or empty, and says of every other line that it was left out, and why. Mistakes are all named at once, with their lines.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun idmap import-lxc --output config.json /var/lib/lxc/c1/config", "then: csrun run --config config.json"),
    ];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_output])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, 1);
        return invocation.Engine.IdMapImportLxc(invocation.Words[0], invocation.Options.Value(_output), invocation.Global);
    }
}
