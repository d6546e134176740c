using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Net;

namespace Csrun.Engine.Lifecycle;

/// <summary>Where an engine takes a container's terminal: <c>--console-socket</c>, as runc's docs/terminals.md describes it.</summary>
internal sealed class ConsoleSocket : IDisposable
{
    private readonly SafeFd _socket;
    private readonly string _path;

    private ConsoleSocket(SafeFd socket, string path)
    {
        _socket = socket;
        _path = path;
    }

    /// <summary>Connects to it, where the process has a terminal; before anything is made.</summary>
    /// <param name="path">The socket, or null.</param>
    /// <param name="terminal">Whether the process has a terminal.</param>
    /// <param name="mayStay">Whether this csrun stays and can hold the terminal itself.</param>
    /// <returns>Null for a process without a terminal, or where this csrun holds it.</returns>
    /// <exception cref="CsrunException">The configuration and the command line contradict each other, or nobody listens.</exception>
    internal static ConsoleSocket? Connect(string? path, bool terminal, bool mayStay)
    {
        if (path is null)
        {
            return terminal && !mayStay
                ? throw new CsrunException("process.terminal is true and there is no --console-socket", "csrun ends before the container does, so somebody else has to hold the terminal", "--console-socket PATH of a listening Unix socket, or \"terminal\": false")
                : null;
        }

        if (!terminal)
        {
            throw new CsrunException($"--console-socket \"{path}\" is given and process.terminal is false", "there is no terminal to send", "leave --console-socket away, or \"terminal\": true");
        }

        SysResult connected = UnixSocket.TryConnectStream(path, out SafeFd? socket);
        return connected.Ok
            ? new ConsoleSocket(socket!, path)
            : throw new KernelException("connect", path, connected.Errno, connected.Errno == Errno.ECONNREFUSED ? "nobody listens there" : null);
    }

    /// <summary>Sends the terminal's master side.</summary>
    internal void Send(SafeFd master)
    {
        UnixSocket.Send(_socket, Encoding.UTF8.GetBytes("/dev/ptmx"), [master]).OrThrow("sendmsg", _path);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
