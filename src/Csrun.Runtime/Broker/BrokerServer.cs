using System.Collections.Immutable;
using System.Globalization;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Net;
using Csrun.Plan.Broker;

namespace Csrun.Runtime.Broker;

/// <summary>The broker: makes ID-mapped mounts for users who may not, of what is their own. One thread, one poll(2).</summary>
/// <remarks>Callers are hostile: docs/design/broker.md says what each limit and check is against.</remarks>
public sealed class BrokerServer : IDisposable
{
    private const short POLLIN = 1;

    private readonly SafeFd _listener;
    private readonly ImmutableArray<string> _lookupArguments;
    private readonly string _version;
    private readonly Action<string> _log;
    private readonly LockedMounts _locked = new();
    private readonly MountGrant _grant;
    private readonly List<BrokerConnection> _connections = [];
    private readonly RequestRate _rate = new();
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;
    private long _granted;
    private long _refused;

    /// <summary>Prepares; nothing is accepted yet.</summary>
    /// <param name="listener">The listening socket.</param>
    /// <param name="version">csrun's version, for status.</param>
    /// <param name="lookupArguments">The command line that starts csrun to look a user up (<see cref="CallerLookup.Answer"/>).</param>
    /// <param name="log">Takes one line a decision.</param>
    /// <exception cref="KernelException">This process may not make mounts.</exception>
    public BrokerServer(SafeFd listener, string version, ImmutableArray<string> lookupArguments, Action<string> log)
    {
        _listener = listener;
        _version = version;
        _lookupArguments = lookupArguments;
        _log = log;
        _grant = new MountGrant(_locked);
    }

    /// <summary>Serves until the process ends.</summary>
    public void Run()
    {
        while (true)
        {
            Turn();
        }
    }

    private void Turn()
    {
        // Full: whoever comes next waits in the socket's queue until a place is free.
        bool accepting = _connections.Count < BrokerLimits.Connections;
        PollFd[] fds = new PollFd[1 + _connections.Count];
        fds[0] = new PollFd(accepting ? _listener.Number : -1, POLLIN, 0);
        long next = long.MaxValue;
        for (int i = 0; i < _connections.Count; i++)
        {
            BrokerConnection connection = _connections[i];
            fds[i + 1] = new PollFd((connection.Lookup?.Output ?? connection.Socket).Number, POLLIN, 0);
            next = Math.Min(next, connection.Deadline);
        }

        SysResult polled = Sys.Ppoll(fds, next == long.MaxValue ? -1 : Math.Max(0, next - Environment.TickCount64));
        if (!polled.Ok && polled.Errno != Errno.EINTR)
        {
            polled.OrThrow("ppoll");
        }

        BrokerConnection[] before = [.. _connections];
        for (int i = 0; i < before.Length; i++)
        {
            if (polled.Ok && fds[i + 1].Revents != 0)
            {
                Serve(before[i]);
            }
            else if (Environment.TickCount64 >= before[i].Deadline)
            {
                Refuse(before[i], before[i].Lookup is null
                    ? new(BrokerCode.TooSlow, $"no request came within {BrokerLimits.RequestMilliseconds} ms")
                    : new(BrokerCode.LookupFailed, $"the name service did not say within {BrokerLimits.LookupMilliseconds} ms who user {before[i].Peer.Uid} is"));
            }
        }

        if (polled.Ok && fds[0].Revents != 0)
        {
            Accept();
        }
    }

    private void Accept()
    {
        SysResult accepted = UnixSocket.TryAccept(_listener, out SafeFd? socket);
        if (socket is null)
        {
            // ECONNABORTED and the like are the caller's; without descriptors or memory a moment's rest is all there is to do.
            if (accepted.Errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.ENOBUFS)
            {
                Thread.Sleep(20);
            }

            return;
        }

        BrokerConnection connection = new(socket, UnixSocket.Peer(socket)) { Deadline = Environment.TickCount64 + BrokerLimits.RequestMilliseconds };
        int others = _connections.Count(c => c.Peer.Uid == connection.Peer.Uid);
        _connections.Add(connection);
        if (others >= BrokerLimits.ConnectionsOfOneUser)
        {
            Refuse(connection, new(BrokerCode.Busy, $"user {connection.Peer.Uid} has {others} connections open already"));
        }
    }

    private void Serve(BrokerConnection connection)
    {
        try
        {
            if (connection.Lookup is { } lookup)
            {
                if (lookup.Read())
                {
                    BrokerCaller? found = lookup.Result(connection.Peer);
                    Answer(connection, found, found is null ? new(BrokerCode.LookupFailed, $"user {connection.Peer.Uid} could not be looked up") : null);
                }
            }
            else
            {
                Take(connection);
            }
        }
        catch (CsrunException e)
        {
            // A failure of the broker's own is this caller's bad luck and nobody else's.
            Refuse(connection, new(BrokerCode.Failed, e.Why is null ? e.Message : $"{e.Message}; {e.Why}"));
        }
    }

    private void Take(BrokerConnection connection)
    {
        Span<byte> buffer = stackalloc byte[BrokerRequest.Size];
        // Room for one more than belong to a request, so that too many are seen; the kernel makes no others.
        SysResult received = UnixSocket.Receive(connection.Socket, buffer, BrokerRequest.Descriptors + 1, out UnixMessage message);
        connection.Descriptors = message.Descriptors ?? [];
        if (received.Errno == Errno.EAGAIN)
        {
            return;
        }

        if (!received.Ok || (message.Length == 0 && connection.Descriptors.Length == 0))
        {
            Close(connection); // gone without a word: a probe whether anybody listens
            return;
        }

        if (!_rate.Allows(connection.Peer.Uid))
        {
            Refuse(connection, new(BrokerCode.Busy, $"more than {BrokerLimits.RequestsOfOneUser} requests in {BrokerLimits.WindowMilliseconds / 1000} seconds"));
            return;
        }

        BrokerRefusal? refusal = message.Length > BrokerRequest.Size
            ? new(BrokerCode.BadMessage, $"a request has {BrokerRequest.Size} bytes, and {message.Length} came")
            : BrokerRequest.Decode(buffer[..message.Length], out _);
        if (refusal is null)
        {
            BrokerRequest.Decode(buffer[..message.Length], out BrokerRequest? request);
            connection.Request = request;
            int wanted = request!.Operation == BrokerOperation.MapMount ? BrokerRequest.Descriptors : 0;
            if (message.Truncated || connection.Descriptors.Length != wanted)
            {
                refusal = new(BrokerCode.BadDescriptors, $"{wanted} descriptors belong to the request, and {(message.Truncated ? "more" : connection.Descriptors.Length)} came");
            }
        }

        if (refusal is not null)
        {
            Refuse(connection, refusal);
        }
        else if (CallerLookup.InFiles(connection.Peer) is { } caller)
        {
            Answer(connection, caller, null);
        }
        else
        {
            connection.Lookup = CallerLookup.Start(connection.Peer.Uid, _lookupArguments);
            connection.Deadline = Environment.TickCount64 + BrokerLimits.LookupMilliseconds;
        }
    }

    private void Answer(BrokerConnection connection, BrokerCaller? caller, BrokerRefusal? refusal)
    {
        if (caller is null || refusal is not null)
        {
            Refuse(connection, refusal!);
            return;
        }

        BrokerRequest request = connection.Request!;
        if (request.Operation == BrokerOperation.Status)
        {
            Reply(connection, new BrokerReply(BrokerCode.Granted, Status(caller).Encode()), null);
            return;
        }

        if (_grant.Decide(caller, request, connection.Descriptors, out SafeFd? mount, out string what) is { } no)
        {
            Refuse(connection, no, caller, what);
            return;
        }

        using (mount)
        {
            _granted++;
            _log(string.Create(CultureInfo.InvariantCulture, $"granted: {caller.Who} (uid {caller.Uid}, pid {connection.Peer.Pid}): \"{what}\" users {Lines(request.Uids)} groups {Lines(request.Gids)}"));
            Reply(connection, new BrokerReply(BrokerCode.Granted, ""), mount);
        }

        _locked.Clear();
    }

    private BrokerStatus Status(BrokerCaller caller) => new()
    {
        Version = _version,
        Pid = Sys.Getpid(),
        StartedUnixSeconds = _started.ToUnixTimeSeconds(),
        Granted = _granted,
        Refused = _refused,
        Refusal = BrokerPolicy.Judge(caller)?.Why,
        Uids = caller.Uids,
        Gids = caller.Gids,
    };

    private void Refuse(BrokerConnection connection, BrokerRefusal refusal, BrokerCaller? caller = null, string what = "")
    {
        _refused++;
        // Whoever floods does not fill the log: the first refusal for it says so.
        if (refusal.Code != BrokerCode.Busy || _rate.FirstRefusal(connection.Peer.Uid))
        {
            string subject = what.Length == 0 ? "" : $" \"{what}\":";
            _log(string.Create(CultureInfo.InvariantCulture, $"refused ({refusal.Code}): {caller?.Who ?? $"user {connection.Peer.Uid}"} (uid {connection.Peer.Uid}, pid {connection.Peer.Pid}):{subject} {refusal.Why}"));
        }

        Reply(connection, new BrokerReply(refusal.Code, refusal.Why), null);
    }

    // Without waiting: the one answer of a connection fits its buffer, and a caller that does not read it keeps nobody.
    private void Reply(BrokerConnection connection, BrokerReply reply, SafeFd? mount)
    {
        _ = UnixSocket.Send(connection.Socket, reply.Encode(), mount is null ? [] : [mount], wait: false);
        Close(connection);
    }

    private void Close(BrokerConnection connection)
    {
        _connections.Remove(connection);
        connection.Dispose();
    }

    private static string Lines(ImmutableArray<Linux.IdMaps.IdMapping> map) => new Linux.IdMaps.IdMap(map).Abbreviated();

    /// <inheritdoc/>
    public void Dispose()
    {
        _connections.ForEach(c => c.Dispose());
        _locked.Dispose();
    }
}
