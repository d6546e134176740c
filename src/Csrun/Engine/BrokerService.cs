using System.Globalization;
using System.Text;
using Csrun.Commands;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Net;
using Csrun.Plan.Broker;
using Csrun.Runtime.Broker;
using Csrun.Runtime.Host;
using Csrun.Workers;

namespace Csrun.Engine;

/// <summary><c>csrun broker serve</c>: the socket, and what the broker says.</summary>
internal static class BrokerService
{
    private const int Backlog = 64;

    internal static int Serve(string? path)
    {
        if (!HostFactsProbe.IsInitialUserNamespace() || !Sys.CapgetEffective().Contains(Capability.CAP_SYS_ADMIN))
        {
            throw new CsrunException(
                "the broker serves as root only",
                "it makes ID-mapped mounts, which the kernel allows to CAP_SYS_ADMIN in the host's first user namespace",
                "sudo csrun broker serve");
        }

        SafeFd? inherited = Inherited();
        using SafeFd listener = inherited ?? Listen(path ?? BrokerSocket.DefaultPath);
        using BrokerServer server = new(listener, VersionCommand.Version, ["csrun", Worker.Marker, Worker.BrokerLookup], Log);
        Log($"serves{(inherited is null ? $" at {path ?? BrokerSocket.DefaultPath}" : " at the socket of systemd")} (csrun {VersionCommand.Version}, protocol {BrokerRequest.Version})");
        server.Run();
        return 0;
    }

    /// <summary>The socket that a service manager hands over (sd_listen_fds(3)), or null.</summary>
    private static SafeFd? Inherited()
    {
        if (Environment.GetEnvironmentVariable("LISTEN_PID") != Sys.Getpid().ToString(CultureInfo.InvariantCulture))
        {
            return null;
        }

        // Under a new number that does not survive execve: the process that looks users up has no business with it.
        using SafeFd handedOver = new(3);
        SafeFd fd = Sys.FcntlDupfdCloexec(handedOver);
        return Environment.GetEnvironmentVariable("LISTEN_FDS") == "1" && UnixSocket.IsListening(fd)
            ? fd
            : throw new CsrunException("the socket that was handed over cannot be used", "LISTEN_FDS has to be 1, and descriptor 3 a listening socket", "csrun broker install");
    }

    private static SafeFd Listen(string path)
    {
        if (path is not ['/', ..])
        {
            throw new CsrunException($"--socket \"{path}\"", "the path of the socket has to be absolute", $"--socket \"{Path.GetFullPath(path)}\"");
        }

        CheckDirectory(path[..Math.Max(1, path.LastIndexOf('/'))]);
        Errno answer = BrokerClient.Probe(path);
        if (answer == Errno.None)
        {
            throw new CsrunException($"a broker serves at \"{path}\" already", "somebody listens there", "csrun broker status");
        }

        if (answer == Errno.ECONNREFUSED)
        {
            Sys.Unlinkat(null, path).OrThrow("unlink", path); // a broker that was ended left it
        }

        SysResult listening = UnixSocket.TryListen(path, Backlog, out SafeFd? listener);
        if (listener is null)
        {
            throw new KernelException("bind", path, listening.Errno, listening.Errno switch
            {
                Errno.EADDRINUSE => "something that is no socket lies there",
                Errno.ENAMETOOLONG => $"a socket's path has at most {UnixSocket.MaxPath} bytes",
                _ => null,
            });
        }

        // Everybody may ask; the broker judges by who asks.
        Chmod(path, 0x1b6).OrThrow("chmod", path);
        return listener;
    }

    /// <summary>The directory, made when it is missing; only root may change what is in it.</summary>
    private static void CheckDirectory(string directory)
    {
        SysResult made = Sys.Mkdirat(null, directory, 0x1ed);
        if (made.Ok)
        {
            Chmod(directory, 0x1ed).OrThrow("chmod", directory);
            return;
        }

        if (made.Errno != Errno.EEXIST)
        {
            made.OrThrow("mkdir", directory);
        }

        using SafeFd fd = Sys.Openat2(null, directory, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", directory);
        Sys.Statx(fd, "\0"u8, out FileStat stat).OrThrow("statx", directory);
        if (stat.uid != 0 || (stat.mode & 0x12) != 0)
        {
            throw new CsrunException(
                $"the broker does not listen in \"{directory}\"",
                $"others than root may put another socket there (owner {stat.uid}, mode {Convert.ToString(stat.mode & 0xfff, 8)})",
                $"csrun broker serve, which listens at {BrokerSocket.DefaultPath}");
        }
    }

    private static SysResult Chmod(string path, uint mode) => Sys.Fchmodat(null, Encoding.UTF8.GetBytes(path + '\0'), mode);

    // Names of files and users come from callers: no control character may forge a line of the log.
    private static void Log(string line)
    {
        StringBuilder text = new("csrun broker: ");
        foreach (char c in line)
        {
            _ = char.IsControl(c) ? text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}") : text.Append(c);
        }

        Sys.Write(2, Encoding.UTF8.GetBytes(text.Append('\n').ToString()));
    }
}
