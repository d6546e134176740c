using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;
using Csrun.Plan.Broker;
using Csrun.Runtime.Broker;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun broker install</c> and <c>uninstall</c>: the units of systemd.</summary>
internal static class BrokerUnits
{
    private const string Directory = "/etc/systemd/system";
    private const string Socket = "csrun-broker.socket";
    private const string Service = "csrun-broker.service";

    internal static int Install()
    {
        string csrun = Environment.ProcessPath ?? "";
        CheckRoot("install");
        CheckBinary(csrun);
        if (!IsBooted())
        {
            throw new CsrunException(
                "the broker cannot be made a service of this machine",
                "systemd does not run here: there is no /run/systemd/system",
                $"run it by hand, or from this machine's own service manager: {csrun} broker serve");
        }

        Write(Socket, Template(Socket));
        Write(Service, Template(Service).Replace("@CSRUN@", csrun, StringComparison.Ordinal));
        Systemctl("daemon-reload");
        Systemctl("enable", "--now", Socket);
        FdWriter.Stdout.Write($"{Directory}/{Socket} and {Service} written; {BrokerSocket.DefaultPath} starts {csrun} on demand\n");
        return 0;
    }

    internal static int Uninstall()
    {
        CheckRoot("uninstall");
        bool installed = File.Exists($"{Directory}/{Socket}") || File.Exists($"{Directory}/{Service}");
        if (!installed)
        {
            throw new CsrunException(
                "the broker is not installed",
                $"there is no {Directory}/{Socket} and no {Directory}/{Service}",
                BrokerClient.Probe(BrokerSocket.DefaultPath) == Errno.None ? "a broker that was started by hand runs: end it with the number that csrun broker status prints" : null);
        }

        if (IsBooted())
        {
            Systemctl("disable", "--now", Socket);
            Systemctl("stop", Service);
        }

        File.Delete($"{Directory}/{Socket}");
        File.Delete($"{Directory}/{Service}");
        if (IsBooted())
        {
            Systemctl("daemon-reload");
        }

        FdWriter.Stdout.Write($"{Directory}/{Socket} and {Service} removed\n");
        return 0;
    }

    /// <summary>A unit as it stands in the tree.</summary>
    internal static string Template(string name)
    {
        using Stream stream = typeof(BrokerUnits).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static void CheckRoot(string verb)
    {
        if (Sys.Geteuid() != 0)
        {
            throw new CsrunException($"broker {verb}: root only", "it changes the services of the machine", $"sudo csrun broker {verb}");
        }
    }

    /// <summary>What root's service runs, only root may be able to change: the file, and each directory on the way to it.</summary>
    private static void CheckBinary(string csrun)
    {
        for (string? path = csrun; !string.IsNullOrEmpty(path); path = Path.GetDirectoryName(path))
        {
            using SafeFd fd = Sys.Openat2(null, path, OpenFlags.O_PATH).FdOrThrow("openat2", path);
            Sys.Statx(fd, "\0"u8, out FileStat stat).OrThrow("statx", path);
            if (stat.uid != 0 || (stat.mode & 0x12) != 0)
            {
                throw new CsrunException(
                    $"the broker cannot be run from \"{csrun}\"",
                    $"others than root may change \"{path}\" (owner {stat.uid}, mode {Convert.ToString(stat.mode & 0xfff, 8)}), and would be root by it",
                    "make install, then: sudo /usr/local/bin/csrun broker install");
            }
        }
    }

    // sd_booted(3).
    private static bool IsBooted() => System.IO.Directory.Exists("/run/systemd/system");

    // By rename, so that systemd never reads half a unit.
    private static void Write(string name, string text)
    {
        string temporary = $"{Directory}/.{name}.new";
        File.WriteAllText(temporary, text);
        File.Move(temporary, $"{Directory}/{name}", overwrite: true);
    }

    private static void Systemctl(params string[] words)
    {
        const string Program = "/usr/bin/systemctl";
        Spawned.TryStart(Program, ["systemctl", .. words], [$"PATH={MapTool.DefaultSearchPath}"], [], out Spawned? run).OrThrow("posix_spawn", Program);
        int code = run!.Wait();
        if (code != 0)
        {
            throw new CsrunException($"systemctl {string.Join(' ', words)} failed", $"it ended with {code}, and said why above", $"systemctl status {Socket}");
        }
    }
}
