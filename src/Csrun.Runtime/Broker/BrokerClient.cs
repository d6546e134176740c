using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.Net;
using Csrun.Plan.Broker;

namespace Csrun.Runtime.Broker;

/// <summary>Asks the broker, in the caller's name.</summary>
public static class BrokerClient
{
    /// <summary>How long the caller waits for the broker: a little longer than the broker takes for its slowest answer.</summary>
    private const int Milliseconds = 8_000;

    /// <summary>Whether somebody listens at the socket; with systemd's socket activation that starts the broker.</summary>
    /// <param name="path">The socket.</param>
    /// <returns><see cref="Errno.None"/>, or why not: ENOENT, ECONNREFUSED (a socket that a broker left), EACCES.</returns>
    public static Errno Probe(string path)
    {
        SysResult connected = UnixSocket.TryConnect(path, Milliseconds, out SafeFd? socket);
        socket?.Dispose();
        return connected.Errno;
    }

    /// <summary>An ID-mapped mount, detached.</summary>
    /// <param name="path">The broker's socket.</param>
    /// <param name="source">The directory or file, opened with O_PATH in the host's mount namespace.</param>
    /// <param name="userns">The container's user namespace.</param>
    /// <param name="uids">User map: on disk, shown on the host, how many.</param>
    /// <param name="gids">Group map likewise.</param>
    /// <param name="what">The mount, for messages: <c>the ID map of "/srv/data"</c>.</param>
    /// <exception cref="CsrunException">The broker refuses, or does not answer.</exception>
    public static SafeFd MapMount(string path, SafeFd source, SafeFd userns, ImmutableArray<IdMapping> uids, ImmutableArray<IdMapping> gids, string what)
    {
        BrokerReply reply = Ask(path, new BrokerRequest(BrokerOperation.MapMount, uids, gids), [source, userns], what, out SafeFd[] mounts);
        if (reply.Code == BrokerCode.Granted && mounts is [SafeFd mount])
        {
            return mount;
        }

        foreach (SafeFd fd in mounts)
        {
            fd.Dispose();
        }

        throw reply.Code == BrokerCode.Granted
            ? new CsrunException($"{what}: the broker's answer has no mount", "it granted the request and sent no descriptor", "systemctl restart csrun-broker.service")
            : new CsrunException($"{what}: the broker refuses", reply.Text, Fix(reply.Code));
    }

    /// <summary>How the broker is, and what it would grant to this caller.</summary>
    /// <param name="path">The broker's socket.</param>
    /// <exception cref="CsrunException">It does not answer, or is of another version.</exception>
    public static BrokerStatus Status(string path)
    {
        BrokerReply reply = Ask(path, new BrokerRequest(BrokerOperation.Status, [], []), [], "the broker's state", out SafeFd[] none);
        foreach (SafeFd fd in none)
        {
            fd.Dispose();
        }

        return reply.Code == BrokerCode.Granted
            ? BrokerStatus.Decode(reply.Text)
            : throw new CsrunException("the broker's state: the broker refuses", reply.Text, Fix(reply.Code));
    }

    private static BrokerReply Ask(string path, BrokerRequest request, ReadOnlySpan<SafeFd> descriptors, string what, out SafeFd[] received)
    {
        SysResult connected = UnixSocket.TryConnect(path, Milliseconds, out SafeFd? socket);
        if (socket is null)
        {
            throw new KernelException($"{what}: connect", path, connected.Errno, Why(connected.Errno), "csrun broker status");
        }

        using (socket)
        {
            SysResult sent = UnixSocket.Send(socket, request.Encode(), descriptors);
            Span<byte> buffer = stackalloc byte[BrokerReply.Size];
            // Read even where the request could not be sent: who refuses a connection says why before it closes it.
            SysResult got = UnixSocket.Receive(socket, buffer, 2, out UnixMessage message);
            received = message.Descriptors ?? [];
            if (got.Ok && BrokerReply.Decode(buffer[..Math.Clamp(message.Length, 0, buffer.Length)]) is { } reply)
            {
                return reply;
            }

            message.Close();
            throw got.Errno is Errno.EAGAIN
                ? new CsrunException($"{what}: the broker does not answer", $"nothing came back from \"{path}\" within {Milliseconds / 1000} seconds", "systemctl restart csrun-broker.service")
                : got.Ok && message.Length > 0
                ? new CsrunException($"{what}: the broker's answer is not understood", $"who listens at \"{path}\" speaks another version of the protocol than version {BrokerRequest.Version}", "make csrun and the broker of one version: systemctl restart csrun-broker.service")
                : new CsrunException($"{what}: the broker closed the connection without an answer", !sent.Ok ? $"sendmsg: {sent.Errno} ({sent.Errno.Describe()})" : "it ended, or was restarted", "csrun broker status");
        }
    }

    private static string? Why(Errno errno) => errno switch
    {
        Errno.ENOENT => "no broker has ever listened there",
        Errno.ECONNREFUSED => "the socket is there, and no broker listens at it",
        Errno.EACCES => "the socket's permissions keep this user away",
        Errno.EAGAIN => "the broker takes no connections: its queue is full",
        _ => null,
    };

    private static string? Fix(BrokerCode code) => code switch
    {
        BrokerCode.OtherVersion => "systemctl restart csrun-broker.service, so that csrun and the broker are of one version",
        BrokerCode.NotYourId => "name IDs that are yours on both sides of the map: csrun broker status lists them",
        BrokerCode.NotForYou => "csrun broker status",
        BrokerCode.MountsBelow => "give the mounts below volumes of their own, each with its idmap",
        BrokerCode.CannotBeMapped => "choose a user namespace in which the files already have the wanted owner: --userns keep-id",
        BrokerCode.Busy => "wait for your other containers to start",
        BrokerCode.LookupFailed => "getent passwd $(id -u)",
        _ => null,
    };
}
