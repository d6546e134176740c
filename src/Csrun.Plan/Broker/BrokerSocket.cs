namespace Csrun.Plan.Broker;

/// <summary>Where the broker listens.</summary>
public static class BrokerSocket
{
    /// <summary>The environment variable that names another socket.</summary>
    public const string Variable = "CSRUN_BROKER";

    /// <summary>The usual place: outside csrun's own state, which is closed to others, in a directory that everybody may enter and only root may change.</summary>
    public const string DefaultPath = "/run/csrun-broker/broker.sock";
}
