namespace Csrun.Commands;

/// <summary><c>csrun broker status</c>.</summary>
internal sealed class BrokerStatusCommand : Verb
{
    private readonly CliOption _socket = new(OptionKind.Value, "--socket", "PATH", "ask at PATH in place of CSRUN_BROKER and /run/csrun-broker/broker.sock") { IsPath = true };
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print JSON");

    internal override string Name => "broker status";

    internal override string Summary => "say whether the broker runs and what it grants you";

    internal override string Synopsis => "[OPTIONS]";

    internal override string Description =>
        """
        Asks the broker for its version, since when it runs, and which user and group IDs it takes as yours: a volume's ID map may have these and no others. The exit code is 0 when it runs and 1 when it does not.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun broker status", "whether it runs, and what is yours"), ("csrun broker status --json", "for programs")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_socket, _json])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 0);
        return invocation.Engine.BrokerStatus(invocation.Options.Value(_socket), invocation.Options.Flag(_json), invocation.Global);
    }
}
