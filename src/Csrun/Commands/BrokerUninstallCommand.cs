namespace Csrun.Commands;

/// <summary><c>csrun broker uninstall</c>.</summary>
internal sealed class BrokerUninstallCommand : Verb
{
    internal override string Name => "broker uninstall";

    internal override string Summary => "take the broker's service away";

    internal override string Synopsis => "";

    internal override string Description =>
        """
        Stops and disables the broker's socket and service and removes what csrun broker install wrote. Containers that run keep their volumes.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("sudo csrun broker uninstall", "volumes with idmap are refused again, or served by bindfs")];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 0);
        return invocation.Engine.BrokerUninstall(invocation.Global);
    }
}
