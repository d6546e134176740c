using Csrun.Integration.Tests.Harness;
using Csrun.Labs.Reporting;

namespace Csrun.Integration.Tests.Lessons;

/// <summary>A lesson followed from top to bottom by the ordinary user, on the embedded image alone.</summary>
internal sealed class LessonRun : IDisposable
{
    private readonly Sandbox _sandbox;
    private readonly Dictionary<string, LessonShell> _terminals = [];
    private readonly string _home;
    private readonly string _programs;
    private readonly (string, string)[] _paths;

    internal LessonRun(Sandbox sandbox)
    {
        _sandbox = sandbox;
        _home = sandbox.Directory(Identity.User, "home");
        _programs = sandbox.Directory(Identity.User, "bin");
        File.CreateSymbolicLink(Path.Combine(_programs, "csrun"), Host.Csrun);
        string home = $"/home/{Host.Of(Identity.User).Name}";
        _paths = [(sandbox.Root(Identity.User), $"{home}/.local/share/csrun"), (sandbox.Root(Identity.Root), "/var/lib/csrun"), (_home, home)];
    }

    /// <summary>Types every command; root's only where the tests may become root.</summary>
    /// <returns>What differs: the command, the comparison, and what it printed.</returns>
    internal IEnumerable<(LessonCommand Command, IReadOnlyList<DiffLine> Diff, string Output)> Stale(LessonFile lesson)
    {
        Account user = Host.Of(Identity.User);
        foreach (LessonCommand command in lesson.Commands)
        {
            if (!command.NeedsRoot || Host.IsRoot)
            {
                string output = LessonOutput.AsShown(Terminal(command.Terminal).Type(LessonOutput.AsTyped(command.Typed, user)), _paths, user);
                IReadOnlyList<DiffLine> diff = LessonOutput.Compare(command, output);
                if (diff.Any(line => line.Kind != DiffKind.Same))
                {
                    yield return (command, diff, output);
                }
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

        // What a lesson that broke off has left mounted below its home.
        foreach (string mount in File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).Where(mount => mount.StartsWith(_home + "/", StringComparison.Ordinal)))
        {
            Tool.Run("umount", "-l", mount);
        }

        foreach (Identity identity in Host.IsRoot ? (Identity[])[Identity.User, Identity.Root] : [Identity.User])
        {
            _sandbox.Shell(identity, "for c in $($CSRUN ps -aq); do $CSRUN rm -f $c; done").Succeeded();
        }
    }

    // A root shell opens where the reader is, as sudo -s does; another terminal at home.
    private LessonShell Terminal(string name)
    {
        if (!_terminals.TryGetValue(name, out LessonShell? terminal))
        {
            bool root = name == "root";
            terminal = new LessonShell(_sandbox, root ? Identity.Root : Identity.User, root ? Terminal("1").Directory : _home, new Dictionary<string, string?>
            {
                ["HOME"] = root ? "/root" : _home,
                ["PATH"] = $"{_programs}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
                ["SHELL"] = "/bin/bash",
                ["CSRUN"] = null,
                ["CSRUN_IMAGE_PATH"] = Host.Staging.Directory(Path.Combine(Host.Repository, "bin", "images")),
            });
            _terminals.Add(name, terminal);
        }

        return terminal;
    }
}
