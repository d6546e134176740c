using System.Diagnostics;
using Csrun.Integration.Tests.Harness;
using Csrun.Labs.Reporting;

namespace Csrun.Integration.Tests.Lessons;

/// <summary>Commands of a lesson, followed from top to bottom by an ordinary user on the embedded image alone.</summary>
/// <remarks>Where root runs the tests all terminals are in a mount namespace of their own: what is mounted goes with it.</remarks>
internal sealed class LessonRun : IDisposable
{
    // csrun as `make install` leaves it for a reader: the program, and the embedded image where the program looks for it.
    private static readonly string s_install = Install();

    private readonly Sandbox _sandbox;
    private readonly Dictionary<string, LessonShell> _terminals = [];
    private readonly Dictionary<Identity, string> _homes = [];
    private readonly List<(string, string)> _paths = [(s_install, "/usr/local")];
    private readonly Process? _mounts;

    internal LessonRun(Sandbox sandbox)
    {
        _sandbox = sandbox;
        if (Host.IsRoot)
        {
            _mounts = sandbox.Start(Identity.Root, ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", "echo ready; exec sleep 600"]);
            Assert.Equal("ready", _mounts.StandardOutput.ReadLine());
        }
    }

    /// <summary>Types every command; root's only where the tests may become root.</summary>
    /// <returns>What differs: the command, the comparison, and what it printed.</returns>
    internal IEnumerable<StaleOutput> Stale(IEnumerable<LessonCommand> commands)
    {
        foreach (LessonCommand command in commands.Where(command => !command.NeedsRoot || Host.IsRoot))
        {
            Account user = Host.Of(command.Terminal == "nosub" ? Identity.NoSubIds : Identity.User);
            (string output, int exitCode) = Terminal(command.Terminal).Type(command.Terminal == "nosub" ? command.Typed : LessonOutput.AsTyped(command.Typed, user));
            output = LessonOutput.AsShown(output, _paths, user);
            IReadOnlyList<DiffLine> diff = LessonOutput.Compare(command, output);
            if (diff.Any(line => line.Kind != DiffKind.Same) || (command.ExitCode is { } code && code != exitCode))
            {
                yield return new StaleOutput(command, diff, output, exitCode);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LessonShell terminal in _terminals.Values)
        {
            terminal.Dispose();
        }

        foreach (Identity identity in _homes.Keys)
        {
            _sandbox.Shell(identity, "for c in $($CSRUN ps -aq); do $CSRUN rm -f $c; done").Succeeded();
        }

        _mounts?.Kill(entireProcessTree: true);
        _mounts?.Dispose();
    }

    private static string Install()
    {
        string directory = Host.Staging.Make("install", Host.Root), images = Path.Combine(directory, "share", "csrun", "images");
        Directory.CreateDirectory(Path.Combine(directory, "bin"));
        Directory.CreateDirectory(images);
        File.Copy(Host.Csrun, Path.Combine(directory, "bin", "csrun"));
        foreach (string image in Directory.EnumerateFiles(Path.Combine(Host.Repository, "bin", "images"), "busybox-*"))
        {
            File.Copy(image, Path.Combine(images, Path.GetFileName(image)));
        }

        return directory;
    }

    // A root shell opens where the reader is, as sudo -s does; another terminal at home.
    private LessonShell Terminal(string name)
    {
        if (!_terminals.TryGetValue(name, out LessonShell? terminal))
        {
            Identity identity = name switch { "root" => Identity.Root, "nosub" => Identity.NoSubIds, _ => Identity.User };
            terminal = new LessonShell(_sandbox, identity, name == "root" ? Terminal("1").Type("pwd").Output : Home(identity), new Dictionary<string, string?>
            {
                ["HOME"] = identity == Identity.Root ? "/root" : Home(identity),
                ["PATH"] = $"{s_install}/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
                ["SHELL"] = "/bin/bash",
                ["CSRUN"] = null,
                ["CSRUN_IMAGE_PATH"] = null,
            }, _mounts?.Id ?? 0);
            _terminals.Add(name, terminal);
        }

        return terminal;
    }

    private string Home(Identity identity)
    {
        if (!_homes.TryGetValue(identity, out string? home))
        {
            home = _sandbox.Directory(identity, "home");
            _homes.Add(identity, home);
            string shown = identity == Identity.Root ? "/var/lib/csrun" : $"/home/{Host.Of(identity).Name}/.local/share/csrun";
            _paths.Insert(0, (_sandbox.Root(identity), shown));
            if (identity != Identity.Root)
            {
                _paths.Add((home, $"/home/{Host.Of(identity).Name}"));
            }
        }

        return home;
    }
}
