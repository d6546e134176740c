using System.Text;
using System.Text.Json;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Net;
using Csrun.Linux.Seccomp;
using Csrun.Oci;

namespace Csrun.Engine.Lifecycle;

/// <summary>The agent that answers for the system calls which a filter asks about: it gets the filter's listener (runtime-spec
/// config-linux.md, "The Container Process State").</summary>
internal sealed class SeccompAgent : IDisposable
{
    private readonly SafeFd _socket;
    private readonly Seccomp _seccomp;

    private SeccompAgent(SafeFd socket, Seccomp seccomp)
    {
        _socket = socket;
        _seccomp = seccomp;
    }

    /// <summary>Connects to it, where the filter asks about calls; before anything is made.</summary>
    /// <param name="spec">The configuration.</param>
    /// <param name="isUsed">Whether the configuration's filter is the one that is loaded.</param>
    /// <exception cref="CsrunException">Nobody listens.</exception>
    internal static SeccompAgent? Connect(Spec spec, bool isUsed = true)
    {
        if (!isUsed || spec.Linux?.Seccomp is not { ListenerPath: { Length: > 0 } path } seccomp || !seccomp.Syscalls.Any(rule => rule.Action == ScmpAct.SCMP_ACT_NOTIFY.ToString()))
        {
            return null;
        }

        SysResult connected = UnixSocket.TryConnectStream(path, out SafeFd? socket);
        return connected.Ok
            ? new SeccompAgent(socket!, seccomp)
            : throw new KernelException("connect", path, connected.Errno, connected.Errno switch
            {
                Errno.ECONNREFUSED => "$.linux.seccomp.listenerPath: nobody listens there",
                Errno.ENOENT => "$.linux.seccomp.listenerPath: there is no such socket",
                _ => "$.linux.seccomp.listenerPath",
            }, "start the agent that is to answer for SCMP_ACT_NOTIFY");
    }

    /// <summary>Sends the listener, once; the agent sees the end of file after it.</summary>
    /// <param name="pid">The process whose filter it is, in csrun's PID namespace.</param>
    /// <param name="listener">The listener.</param>
    /// <param name="state">The container's state, as JSON.</param>
    internal void Send(int pid, SafeFd listener, string state)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("ociVersion", SpecVersion.Current);
            json.WriteStartArray("fds");
            json.WriteStringValue("seccompFd");
            json.WriteEndArray();
            json.WriteNumber("pid", pid);
            if (_seccomp.ListenerMetadata is { } metadata)
            {
                json.WriteString("metadata", metadata);
            }

            json.WritePropertyName("state");
            json.WriteRawValue(Encoding.UTF8.GetBytes(state));
            json.WriteEndObject();
        }

        UnixSocket.Send(_socket, buffer.ToArray(), [listener]).OrThrow("sendmsg", _seccomp.ListenerPath, "the agent for SCMP_ACT_NOTIFY did not take the listener");
        _socket.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
