using System.Diagnostics;

namespace Csrun.Integration.Tests.Harness;

/// <summary>A dockerd of the tests' own, started when it is first asked for: its files in a directory, its processes in a PID namespace,
/// its mounts in a mount namespace, so that nothing of it is left when its standard input ends, however the tests end.</summary>
public abstract class DockerDaemon : IDisposable
{
    /// <summary>The package's client; on some machines another docker stands first in PATH.</summary>
    public const string Client = "/usr/bin/docker";

    private readonly string _cgroup = $"csrun-it-{Environment.ProcessId}-docker";
    private string? _directory;
    private Process? _process;

    /// <summary>Where the daemon listens; starts it, and imports Alpine as <c>alpine</c>.</summary>
    public string Socket
    {
        get
        {
            if (_process is null)
            {
                Start();
            }

            return $"{_directory}/socket";
        }
    }

    /// <summary>Who runs it.</summary>
    public abstract Identity Identity { get; }

    /// <summary>The shell commands before the daemon, in its namespaces, as its user; <c>$D</c> is its directory.</summary>
    protected virtual string Preparation =>
        // dockerd writes to these places whatever its options say.
        """
        mkdir $D/etc $D/work
        mount -t overlay overlay -o lowerdir=/etc,upperdir=$D/etc,workdir=$D/work /etc
        mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /opt
        """;

    /// <summary>The program and its first options.</summary>
    protected virtual string Program => $"dockerd --cgroup-parent {_cgroup}";

    /// <summary>How its containers reach each other: not at all, and nothing changes on the host.</summary>
    protected virtual string Network => "--iptables=false --ip6tables=false --bridge=none";

    /// <summary>Further options of unshare(1).</summary>
    protected virtual string[] Namespaces => [];

    private void Start()
    {
        Account account = Host.Of(Identity);
        _directory = Host.Staging.Make($"docker-{GetType().Name}", account);
        string script = $"""
            set -e; D={_directory}
            {Preparation}
            {Program} --data-root $D/data --exec-root $D/exec --host unix://$D/socket --pidfile $D/pid \
                --storage-driver overlay2 {Network} >$D/log 2>&1 </dev/null &
            exec cat >/dev/null
            """;
        List<string> line = [.. Namespaces, "--mount", "--propagation", "private", "--pid", "--fork", "--mount-proc", "--"];
        if (Identity != Identity.Root)
        {
            line.AddRange(["setpriv", $"--reuid={account.Uid}", $"--regid={account.Gid}", "--init-groups", "--inh-caps=-all", "--"]);
        }

        line.AddRange(["/bin/sh", "-c", script]);
        ProcessStartInfo info = new("unshare", line) { WorkingDirectory = "/" };
        info.Environment.Clear();
        info.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
        info.Environment["HOME"] = info.Environment["XDG_RUNTIME_DIR"] = _directory;
        _process = Tool.Start(info);
        string socket = Socket;
        for (int i = 0; i < 300 && Tool.Run(Client, "-H", $"unix://{socket}", "version").ExitCode != 0; i++)
        {
            Assert.True(i < 299 && !_process.HasExited, $"dockerd does not answer:\n{(File.Exists($"{_directory}/log") ? File.ReadAllText($"{_directory}/log") : "it wrote no log")}");
            Thread.Sleep(100);
        }

        string tarball = Host.ImagePath.Split(':').SelectMany(path => Directory.EnumerateFiles(path, "alpine-minirootfs-3.20.3-*.tar.gz")).First();
        Tool.Check(Client, "-H", $"unix://{socket}", "import", tarball, "alpine");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (_process is null)
        {
            return;
        }

        // cat(1) is the first process of the PID namespace: with its end the kernel ends the daemon and every container.
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        Tree.Delete(_directory!);
        foreach (string hierarchy in Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup"))
        {
            if (Directory.Exists(Path.Combine(hierarchy, _cgroup)))
            {
                Tool.Run("find", Path.Combine(hierarchy, _cgroup), "-depth", "-type", "d", "-exec", "rmdir", "{}", ";");
            }
        }
    }
}
