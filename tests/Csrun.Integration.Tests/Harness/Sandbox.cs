using System.Diagnostics;

namespace Csrun.Integration.Tests.Harness;

/// <summary>One test class's world: a CSRUN_ROOT for each identity, scratch directories, and csrun run in them.</summary>
public sealed class Sandbox : IDisposable
{
    private static int s_count;

    private readonly string _name = $"class-{Interlocked.Increment(ref s_count)}";
    private readonly Dictionary<Identity, string> _roots = [];
    private readonly List<string> _directories = [];

    /// <summary>CSRUN_ROOT of an identity: fresh for each test class.</summary>
    public string Root(Identity identity)
    {
        if (!_roots.TryGetValue(identity, out string? root))
        {
            root = Directory(identity, "state");
            _roots.Add(identity, root);
        }

        return root;
    }

    /// <summary>A new empty directory that belongs to the identity, mode 0755.</summary>
    public string Directory(Identity owner, string name = "scratch")
    {
        string path = Host.Staging.Make($"{_name}-{_directories.Count}-{name}", Host.Of(owner));
        _directories.Add(path);
        return path;
    }

    /// <summary>A directory for PATH with newuidmap and newgidmap and nothing else.</summary>
    public string MapToolsOnly()
    {
        string directory = Directory(Identity.User, "path");
        foreach (string tool in (string[])["newuidmap", "newgidmap"])
        {
            File.CreateSymbolicLink(Path.Combine(directory, tool), Host.Find(tool)!);
        }

        return directory;
    }

    /// <summary>Runs csrun to its end.</summary>
    public RunResult Csrun(Identity identity, params string[] args) => Csrun(identity, args, null);

    /// <summary>Runs csrun to its end, with standard input and further environment variables.</summary>
    public RunResult Csrun(
        Identity identity,
        IReadOnlyList<string> args,
        byte[]? stdin,
        IReadOnlyDictionary<string, string?>? environment = null,
        TimeSpan? patience = null) =>
        Tool.Finish(Start(identity, [Host.Csrun, .. args], environment), stdin, patience ?? Tool.Patience);

    /// <summary>Runs a shell command as the identity, with $CSRUN and csrun's environment set.</summary>
    public RunResult Shell(Identity identity, string command, TimeSpan? patience = null) =>
        Tool.Finish(Start(identity, ["/bin/sh", "-c", command]), null, patience ?? Tool.Patience);

    /// <summary>Runs a shell command as the identity in a terminal of its own; standard output is what the terminal showed.</summary>
    public RunResult Terminal(Identity identity, string command) =>
        Tool.Finish(Start(identity, ["/usr/bin/script", "-qec", command, "/dev/null"]), null, Tool.Patience, endInput: false);

    /// <summary>Starts a command as the identity: its IDs and groups, and an environment of a fresh login plus CSRUN_*.</summary>
    /// <param name="identity">Who runs it.</param>
    /// <param name="command">The command with its full path.</param>
    /// <param name="environment">Variables besides; null removes one.</param>
    /// <param name="mounts">A process whose mount namespace it enters first, which takes root; 0 for none.</param>
    public Process Start(Identity identity, IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? environment = null, int mounts = 0)
    {
        Account account = Host.Of(identity);
        List<string> line = mounts == 0 ? [] : ["/usr/bin/nsenter", $"--target={mounts}", "--mount", "--"];
        if (Host.IsRoot && identity != Identity.Root)
        {
            // setpriv execs the command in its own place: the process ID is csrun's.
            line.AddRange(["/usr/bin/setpriv", $"--reuid={account.Uid}", $"--regid={account.Gid}", "--init-groups", "--inh-caps=-all", "--"]);
        }

        line.AddRange(command);
        ProcessStartInfo info = new(line[0], line.Skip(1)) { WorkingDirectory = "/" };
        info.Environment.Clear();
        info.Environment["HOME"] = account.Home;
        info.Environment["USER"] = account.Name;
        info.Environment["LOGNAME"] = account.Name;
        info.Environment["SHELL"] = "/bin/sh";
        info.Environment["TERM"] = "xterm";
        info.Environment["LANG"] = "C.UTF-8";
        info.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
        info.Environment["CSRUN"] = Host.Csrun;
        info.Environment["CSRUN_ROOT"] = Root(identity);
        info.Environment["CSRUN_IMAGE_PATH"] = Host.ImagePath;
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            info.Environment[name] = value; // null removes it
        }

        return Tool.Start(info);
    }

    /// <summary>Removes every directory of this class.</summary>
    public void Dispose() => _directories.ForEach(Tree.Delete);
}
