namespace Csrun.Commands;

/// <summary><c>csrun broker serve</c>.</summary>
internal sealed class BrokerServeCommand : Verb
{
    private readonly CliOption _socket = new(OptionKind.Value, "--socket", "PATH", "listen at PATH in place of /run/csrun-broker/broker.sock") { IsPath = true };

    internal override string Name => "broker serve";

    internal override string Summary => "make ID-mapped mounts for ordinary users";

    internal override string Synopsis => "[OPTIONS]";

    internal override string Description =>
        """
        Runs the broker, as root, until it is ended. It listens at a socket that everybody may connect to, and grants each user ID-mapped mounts with IDs that are the user's own on both sides of the map: the user, the user's group, and the user's subordinate IDs. Never user 0, never somebody else's user namespace; the mounts are nosuid and nodev for good. Each decision is a line on standard error.

        With systemd it is started when the first caller connects (csrun broker install); where LISTEN_FDS hands over a socket, that one is used.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun broker serve", "by hand, in the foreground"),
        ("csrun broker serve --socket /run/try/broker.sock", "at another place; callers set CSRUN_BROKER to it"),
    ];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_socket])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 0);
        return invocation.Engine.BrokerServe(invocation.Options.Value(_socket), invocation.Global);
    }
}
