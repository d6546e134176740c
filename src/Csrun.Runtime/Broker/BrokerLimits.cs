namespace Csrun.Runtime.Broker;

/// <summary>How much the broker lets callers have at once, so that nobody keeps it from the others.</summary>
public static class BrokerLimits
{
    /// <summary>Open connections altogether.</summary>
    public const int Connections = 64;

    /// <summary>Open connections of one user.</summary>
    public const int ConnectionsOfOneUser = 8;

    /// <summary>Requests of one user within <see cref="WindowMilliseconds"/>.</summary>
    public const int RequestsOfOneUser = 400;

    /// <summary>The time in which requests are counted.</summary>
    public const long WindowMilliseconds = 10_000;

    /// <summary>How long a connection may take to bring its request.</summary>
    public const long RequestMilliseconds = 2_000;

    /// <summary>How long the look-up of a user may take where it is not in the machine's files.</summary>
    public const long LookupMilliseconds = 5_000;
}
