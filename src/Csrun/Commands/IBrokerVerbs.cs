namespace Csrun.Commands;

/// <summary>The verbs of <c>csrun broker</c>.</summary>
internal interface IBrokerVerbs
{
    /// <summary>Serves until it is ended.</summary>
    /// <param name="socket">Where to listen; null: the socket that systemd hands over, else the usual place.</param>
    /// <param name="options">What holds for every verb.</param>
    int BrokerServe(string? socket, GlobalOptions options);

    /// <summary>Prints whether the broker runs and what it would grant.</summary>
    /// <param name="socket">Where to ask; null: <c>CSRUN_BROKER</c>, else the usual place.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="options">What holds for every verb.</param>
    /// <returns>0 when it runs, 1 when it does not.</returns>
    int BrokerStatus(string? socket, bool json, GlobalOptions options);

    /// <summary>Makes it a service of systemd.</summary>
    /// <param name="options">What holds for every verb.</param>
    int BrokerInstall(GlobalOptions options);

    /// <summary>Takes the service away.</summary>
    /// <param name="options">What holds for every verb.</param>
    int BrokerUninstall(GlobalOptions options);
}
