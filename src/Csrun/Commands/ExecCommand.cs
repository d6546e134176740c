using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary><c>csrun exec [OPTIONS] CONTAINER COMMAND [ARG...]</c>.</summary>
internal sealed class ExecCommand : Verb
{
    private readonly CliOption _interactive = new(OptionKind.Flag, "--interactive", "", "connect stdin to the command", "-i");
    private readonly CliOption _tty = new(OptionKind.Flag, "--tty", "", "give the command a terminal of its own", "-t");
    private readonly CliOption _detach = new(OptionKind.Flag, "--detach", "", "leave the command running in the background, without input and output", "-d");
    private readonly CliOption _env = new(OptionKind.List, "--env", "KEY[=VALUE]", "set a variable; KEY alone takes the caller's value", "-e");
    private readonly CliOption _workdir = new(OptionKind.Value, "--workdir", "DIR", "working directory inside", "-w");
    private readonly CliOption _user = new(OptionKind.Value, "--user", "USER[:GROUP]", "run as this user of the container, by name or number", "-u");
    private readonly CliOption _explain = ExplainOption.Create();

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
    ];

    internal override IReadOnlyList<LaterOption> LaterOptions =>
    [
        new("--privileged", "more privileges than the container has come with a later version", "csrun run --cap-add ALL starts a container that has them"),
    ];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_interactive, _tty, _detach, _env, _workdir, _user, _explain])];

    internal override int Invoke(Invocation invocation)
    {
        IReadOnlyList<string> words = invocation.Words;
        Expect(words, 2, int.MaxValue);
        ParsedOptions options = invocation.Options;
        List<string> env = [];
        foreach (string text in options.All(_env))
        {
            env.Add(EnvEntry.Resolve(text, invocation.Host.Environment));
        }

        if (options.Value(_workdir) is { } workdir && !workdir.StartsWith('/'))
        {
            throw Wrong($"--workdir \"{workdir}\"", "the working directory is a path inside the container, which starts with /", $"--workdir \"/{workdir}\"");
        }

        if (options.Flag(_detach) && (options.Flag(_tty) || options.Flag(_interactive)))
        {
            throw Wrong($"--detach with {(options.Flag(_tty) ? "--tty" : "--interactive")}", "nobody stays to hold its terminal or to feed it", "leave one of the two out");
        }

        if (options.Value(_user) is { Length: 0 })
        {
            throw Wrong("--user \"\"", "the value is empty");
        }

        if (words[1].Length == 0)
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
                Explain = ExplainOption.Read(this, _explain, options),
            },
            invocation.Global);
    }
}
