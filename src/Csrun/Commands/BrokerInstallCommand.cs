namespace Csrun.Commands;

/// <summary><c>csrun broker install</c>.</summary>
internal sealed class BrokerInstallCommand : Verb
{
    internal override string Name => "broker install";

    internal override string Summary => "make the broker a service of systemd";

    internal override string Synopsis => "";

    internal override string Description =>
        """
        Writes /etc/systemd/system/csrun-broker.socket and csrun-broker.service, which start this csrun as the broker when the first caller connects, and enables the socket. The binary has to belong to root, in directories that only root may change. Where systemd does not run, it says what to run by hand.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("sudo csrun broker install", "from now on, -v SRC:DST:idmap works for everybody who has subordinate IDs")];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 0);
        return invocation.Engine.BrokerInstall(invocation.Global);
    }
}
