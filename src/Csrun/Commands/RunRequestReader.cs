using Csrun.Linux;
using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary>Makes a <see cref="RunRequest"/> of the parsed options of <c>csrun run</c>.</summary>
internal sealed class RunRequestReader(Verb verb, RunOptions o, Invocation invocation)
{
    private readonly ParsedOptions _parsed = invocation.Options;

    /// <summary>Whether the container is to run in the background; asked before anything is read that can be read once only.</summary>
    internal bool Detaches => _parsed.Flag(o.Detach) && !_parsed.Has(o.Explain);

    /// <exception cref="CsrunException">A value is not understood or not possible, or values contradict each other.</exception>
    internal RunRequest Read()
    {
        string? rootfs = _parsed.Value(o.Rootfs);
        string? config = _parsed.Value(o.Config);
        IReadOnlyList<string> words = invocation.Words;
        if (rootfs is { Length: 0 })
        {
            throw verb.Wrong("--rootfs \"\"", "the directory's name is empty", "--rootfs DIR");
        }

        if (rootfs is null && config is null && words.Count == 0)
        {
            throw verb.Wrong("no image is named", "run needs an IMAGE, or a directory with --rootfs DIR", "csrun run alpine id");
        }

        bool imageNamed = rootfs is null && words.Count != 0;
        if (imageNamed && words[0].Length == 0)
        {
            throw verb.Wrong("the image's name is empty", "the first word after the options is \"\"", "csrun run alpine id");
        }

        return new RunRequest
        {
            Image = imageNamed ? words[0] : null,
            RootfsDir = rootfs,
            Command = imageNamed ? Tail(words) : words,
            ConfigFile = config,
            Interactive = _parsed.Flag(o.Interactive),
            Tty = _parsed.Flag(o.Tty),
            Detach = _parsed.Flag(o.Detach),
            Remove = _parsed.Flag(o.Remove),
            Init = _parsed.Flag(o.Init),
            Name = _parsed.Value(o.Name) is { } name ? Names.Container(name) : null,
            Hostname = _parsed.Value(o.Hostname) is { } hostname ? Names.Host(hostname) : null,
            Env = Env(),
            Workdir = _parsed.Value(o.Workdir) is { } workdir ? Workdir(workdir) : null,
            Entrypoint = _parsed.Value(o.Entrypoint),
            User = _parsed.Value(o.User) is { } user ? NotEmpty("--user", user) : null,
            GroupAdd = GroupAdd(),
            Volumes = Map(o.Volume, static text => VolumeSpec.Parse(text)),
            Mounts = Map(o.Mount, static text => MountSpec.Parse(text)),
            Tmpfs = Map(o.Tmpfs, static text => TmpfsSpec.Parse(text)),
            ReadOnly = _parsed.Flag(o.ReadOnly),
            Userns = _parsed.Value(o.Userns) is { } userns ? NotEmpty("--userns", userns) : null,
            UidMaps = _parsed.All(o.UidMap),
            GidMaps = _parsed.All(o.GidMap),
            Network = _parsed.Value(o.Network) is { } network ? NetworkOption.Parse(network) : null,
            CapAdd = _parsed.All(o.CapAdd),
            CapDrop = _parsed.All(o.CapDrop),
            Security = _parsed.Has(o.SecurityOpt) ? SecurityOpts.Parse(_parsed.All(o.SecurityOpt)) : SecurityOpts.Default,
            Ulimits = Map(o.Ulimit, static text => UlimitSpec.Parse(text)),
            Limits = o.Limits.Read(_parsed, isNew: true),
            Explain = ExplainOption.Read(verb, o.Explain, _parsed),
            Trace = TraceOption.Read(verb, o.Trace, _parsed),
            Step = Step(),
            Break = Break(),
            Annotations = Map(o.Annotation, Annotation),
        };
    }

    private List<string> Break()
    {
        List<string> steps = Map(o.Break, word => NotEmpty("--break", word));
        return steps.Count != 0 && ExplainOption.Read(verb, o.Explain, _parsed) == ExplainFormat.Sh
            ? throw verb.Wrong("--break and --explain=sh were both given", "what keeps a step from being left out where that is dangerous is csrun, not a shell", "--explain, or run it")
            : steps;
    }

    private bool Step()
    {
        if (!_parsed.Flag(o.Step))
        {
            return false;
        }

        foreach ((CliOption other, string why) in (ReadOnlySpan<(CliOption, string)>)
            [(o.Detach, "a container in the background has no terminal to ask"), (o.Explain, "the plan is printed and not run: there is nothing to stop before")])
        {
            if (_parsed.Has(other))
            {
                throw verb.Wrong($"--step and {other.Name} were both given", why, "leave one of them out");
            }
        }

        return TraceOption.Read(verb, o.Trace, _parsed) != TraceFormat.Json
            ? true
            : throw verb.Wrong("--step and --trace=json were both given", "what is asked between the steps is no JSON", "--step, or --trace=json");
    }

    private IReadOnlyList<string> GroupAdd()
    {
        IReadOnlyList<string> groups = _parsed.All(o.GroupAdd);
        return groups.Count > 1 && groups.Contains(RunRequest.KeepGroupsWord)
            ? throw verb.Wrong(
                $"--group-add {RunRequest.KeepGroupsWord} beside other groups",
                "the caller's groups stay by not calling setgroups(2), which is what would add the others",
                $"--group-add {RunRequest.KeepGroupsWord} alone")
            : groups;
    }

    private static string[] Tail(IReadOnlyList<string> words)
    {
        string[] tail = new string[words.Count - 1];
        for (int i = 0; i < tail.Length; i++)
        {
            tail[i] = words[i + 1];
        }

        return tail;
    }

    private List<string> Env()
    {
        List<string> entries = [];
        foreach (string file in _parsed.All(o.EnvFile))
        {
            string content;
            try
            {
                content = invocation.Host.ReadFile(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                string why = e switch
                {
                    FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                    UnauthorizedAccessException => "it is a directory, or you may not read it",
                    _ => e.Message,
                };
                throw new CsrunException($"--env-file \"{file}\" cannot be read", why, $"ls -l \"{file}\"", inner: e);
            }

            entries.AddRange(EnvFile.Parse(content, file, invocation.Host.Environment));
        }

        foreach (string text in _parsed.All(o.Env))
        {
            entries.Add(EnvEntry.Resolve(text, invocation.Host.Environment));
        }

        return entries;
    }

    private string Workdir(string path) => path.StartsWith('/')
        ? path
        : throw verb.Wrong($"--workdir \"{path}\"", "the working directory is a path inside the container, which starts with /", $"--workdir \"/{path}\"");

    private string NotEmpty(string option, string value) => value.Length != 0
        ? value
        : throw verb.Wrong($"{option} \"\"", "the value is empty");

    private KeyValuePair<string, string> Annotation(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new(text[..equals], text[(equals + 1)..])
            : throw verb.Wrong($"--annotation \"{text}\"", "an annotation is KEY=VALUE", "--annotation KEY=VALUE");
    }

    private List<T> Map<T>(CliOption option, Func<string, T> parse)
    {
        IReadOnlyList<string> texts = _parsed.All(option);
        List<T> values = new(texts.Count);
        foreach (string text in texts)
        {
            values.Add(parse(text));
        }

        return values;
    }
}
