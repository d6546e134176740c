using System.Globalization;
using Csrun.Linux.Abi;
using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary><c>csrun exec [OPTIONS] CONTAINER COMMAND [ARG...]</c>.</summary>
internal sealed class ExecCommand : Verb
{
    private readonly CliOption _interactive = new(OptionKind.Flag, "--interactive", "", "connect stdin to the command", "-i");
    private readonly CliOption _tty = new(OptionKind.Flag, "--tty", "", "give the command a terminal of its own", "-t");
    private readonly CliOption _detach = new(OptionKind.Flag, "--detach", "", "leave the command running in the background, without input and output", "-d");
    private readonly CliOption _env = new(OptionKind.List, "--env", "KEY[=VALUE]", "set a variable; KEY alone takes the caller's value", "-e");
    private readonly CliOption _workdir = new(OptionKind.Value, "--workdir", "DIR", "working directory inside", "-w", "--cwd");
    private readonly CliOption _user = new(OptionKind.Value, "--user", "USER[:GROUP]", "run as this user of the container, by name or number", "-u");
    private readonly CliOption _process = new(OptionKind.Value, "--process", "FILE", "the process as the OCI runtime-spec describes it, in place of COMMAND and the options above", "-p") { IsPath = true };
    private readonly CliOption _pidFile = new(OptionKind.Value, "--pid-file", "FILE", "write the process ID to FILE; the caller's streams are the command's, with -d too") { IsPath = true };
    private readonly CliOption _consoleSocket = new(OptionKind.Value, "--console-socket", "SOCKET", "send the terminal's master side to this Unix socket") { IsPath = true };
    private readonly CliOption _cap = new(OptionKind.List, "--cap", "CAPABILITY", "a capability more for the process", "-c");
    private readonly CliOption _gids = new(OptionKind.List, "--additional-gids", "GID", "a further group, by number", "-g");
    private readonly CliOption _noNewPrivs = new(OptionKind.Flag, "--no-new-privs", "", "set-user-ID programs and file capabilities grant the process nothing");
    private readonly CliOption _apparmor = new(OptionKind.Value, "--apparmor", "PROFILE", "the AppArmor profile, in place of the container's");
    private readonly CliOption _label = new(OptionKind.Value, "--process-label", "LABEL", "the SELinux label, in place of the container's");
    private readonly CliOption _preserveFds = new(OptionKind.Value, "--preserve-fds", "N", "hand N descriptors more to the command, from 3 on");
    private readonly CliOption _explain = ExplainOption.Create();
    private readonly CliOption _trace = TraceOption.Create();

    internal override string Name => "exec";

    internal override string Summary => "run a further command in a container that runs";

    internal override string Synopsis => "[OPTIONS] CONTAINER COMMAND [ARG...]";

    internal override string Description =>
        """
        Runs COMMAND in a running container, in its namespaces and root file system, with the variables, working directory, user, limits, capabilities and system call filter that the container was started with, unless an option says otherwise. CONTAINER is a name, an ID, or the beginning of an ID that no other container's has.

        Options end at CONTAINER: everything after it is the command's own.

        The exit code is the command's own; 125 when csrun failed, 126 when the command cannot be executed, 127 when it is not found, 128+n when signal n ended it.
        """;

    internal override bool OptionsEndAtFirstWord => true;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun exec box cat /proc/1/uid_map", "look inside"),
        ("csrun exec -it box sh", "a shell"),
        ("csrun exec -u nobody -w /tmp box id", "as somebody else, somewhere else"),
        ("csrun exec --explain=sh box id", "the same with nsenter and setpriv"),
    ];

    internal override IReadOnlyList<LaterOption> LaterOptions =>
    [
        new("--privileged", "more privileges than the container has come with a later version", "csrun run --cap-add ALL starts a container that has them"),
    ];

    protected override IReadOnlyList<OptionGroup> OwnGroups =>
    [
        new("Options", [_interactive, _tty, _detach, _env, _workdir, _user]),
        new("Options as engines use them", [_process, _pidFile, _consoleSocket, _cap, _gids, _noNewPrivs, _apparmor, _label, _preserveFds]),
        new("Learning", [_explain, _trace]),
    ];

    internal override int Invoke(Invocation invocation)
    {
        IReadOnlyList<string> words = invocation.Words;
        ParsedOptions options = invocation.Options;
        string? process = options.Value(_process);
        Expect(words, process is null ? 2 : 1, process is null ? int.MaxValue : 1);
        List<string> env = [];
        foreach (string text in options.All(_env))
        {
            env.Add(EnvEntry.Resolve(text, invocation.Host.Environment));
        }

        if (options.Value(_workdir) is { } workdir && !workdir.StartsWith('/'))
        {
            throw Wrong($"--workdir \"{workdir}\"", "the working directory is a path inside the container, which starts with /", $"--workdir \"/{workdir}\"");
        }

        bool engine = process is not null || options.Has(_pidFile) || options.Has(_consoleSocket);
        if (!engine && options.Flag(_detach) && (options.Flag(_tty) || options.Flag(_interactive)))
        {
            throw Wrong($"--detach with {(options.Flag(_tty) ? "--tty" : "--interactive")}", "nobody stays to hold its terminal or to feed it", "leave one of the two out");
        }

        if (options.Value(_user) is { Length: 0 })
        {
            throw Wrong("--user \"\"", "the value is empty");
        }

        if (words.Count > 1 && words[1].Length == 0)
        {
            throw Wrong("the command's name is empty", "the first word after the container is \"\"", "csrun exec box id");
        }

        return invocation.Engine.Exec(
            new ExecRequest
            {
                Container = words[0],
                Command = [.. words.Skip(1)],
                Interactive = options.Flag(_interactive),
                Tty = options.Flag(_tty),
                Detach = options.Flag(_detach),
                Env = env,
                Workdir = options.Value(_workdir),
                User = options.Value(_user),
                ProcessFile = process,
                PidFile = options.Value(_pidFile),
                ConsoleSocket = options.Value(_consoleSocket),
                Capabilities = [.. options.All(_cap).Select(text => CapabilityNames.Parse(text, "--cap").ToString())],
                AdditionalGids = [.. options.All(_gids).Select(Gid)],
                NoNewPrivileges = options.Flag(_noNewPrivs),
                ApparmorProfile = options.Value(_apparmor),
                SelinuxLabel = options.Value(_label),
                PreserveFds = options.Value(_preserveFds) is { } count ? BundleOptions.Count(this, count) : 0,
                Explain = ExplainOption.Read(this, _explain, options),
                Trace = TraceOption.Read(this, _trace, options),
            },
            invocation.Global);
    }

    private uint Gid(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint gid) ? gid : throw Wrong($"--additional-gids \"{text}\"", "a group is given by its number here", "--additional-gids 1000");
}
