using Csrun.Linux.Handles;
using Csrun.Linux.Net;
using Csrun.Plan.Broker;

namespace Csrun.Runtime.Broker;

/// <summary>One connection: one request, one answer.</summary>
/// <param name="Socket">The connection.</param>
/// <param name="Peer">Who is at the other end.</param>
internal sealed record BrokerConnection(SafeFd Socket, PeerCredentials Peer) : IDisposable
{
    /// <summary>When it is given up, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long Deadline { get; set; }

    /// <summary>The request, once it came.</summary>
    public BrokerRequest? Request { get; set; }

    /// <summary>What came with it.</summary>
    public SafeFd[] Descriptors { get; set; } = [];

    /// <summary>The look-up of the user that is under way, once one is.</summary>
    public CallerLookup? Lookup { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SafeFd fd in Descriptors)
        {
            fd.Dispose();
        }

        Lookup?.Dispose();
        Socket.Dispose();
    }
}
