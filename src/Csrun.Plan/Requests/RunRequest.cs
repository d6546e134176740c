namespace Csrun.Plan.Requests;

/// <summary>One <c>csrun run</c>, read from its command line and not yet confronted with image or host.</summary>
public sealed record RunRequest
{
    /// <summary>The image's name; null with <see cref="RootfsDir"/>, or when <see cref="ConfigFile"/> is to name it.</summary>
    public string? Image { get; init; }

    /// <summary>A directory that is used as the root as it is (<c>--rootfs</c>).</summary>
    public string? RootfsDir { get; init; }

    /// <summary>The command and its arguments, untouched; empty: the config file's or the image's.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Whether the caller's stdin reaches the container (<c>-i</c>).</summary>
    public bool Interactive { get; init; }

    /// <summary>Whether the container gets a terminal of its own (<c>-t</c>).</summary>
    public bool Tty { get; init; }

    /// <summary>Whether the container runs in the background (<c>-d</c>).</summary>
    public bool Detach { get; init; }

    /// <summary>Whether the container is removed when it ends (<c>--rm</c>); one in the foreground always is.</summary>
    public bool Remove { get; init; }

    /// <summary>Whether a small init is process 1 and reaps what is left behind (<c>--init</c>).</summary>
    public bool Init { get; init; }

    /// <summary>The container's name.</summary>
    public string? Name { get; init; }

    /// <summary>The host name inside; null: the first 12 digits of the container's ID.</summary>
    public string? Hostname { get; init; }

    /// <summary>Variables from <c>--env-file</c>, then <c>-e</c>: <c>KEY=VALUE</c>, or <c>KEY</c> alone to take the image's away. Later ones win.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>The working directory.</summary>
    public string? Workdir { get; init; }

    /// <summary><c>USER[:GROUP]</c>, names or numbers of the container.</summary>
    public string? User { get; init; }

    /// <summary>Supplementary groups, names or numbers of the container.</summary>
    public IReadOnlyList<string> GroupAdd { get; init; } = [];

    /// <summary>Whether the caller's own supplementary groups stay in force (<c>--group-add keep-groups</c>, podman's word).</summary>
    public bool KeepGroups => GroupAdd is [KeepGroupsWord];

    /// <summary>The word in a group's place that keeps the caller's groups.</summary>
    public const string KeepGroupsWord = "keep-groups";

    /// <summary>The <c>-v</c> in their order.</summary>
    public IReadOnlyList<VolumeSpec> Volumes { get; init; } = [];

    /// <summary>The <c>--mount</c> in their order.</summary>
    public IReadOnlyList<MountSpec> Mounts { get; init; } = [];

    /// <summary>The <c>--tmpfs</c> in their order.</summary>
    public IReadOnlyList<TmpfsSpec> Tmpfs { get; init; } = [];

    /// <summary>Whether the root file system is read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The user namespace asked for, as written; null: private.</summary>
    public string? Userns { get; init; }

    /// <summary>The <c>--uidmap C:H:N</c> as written.</summary>
    public IReadOnlyList<string> UidMaps { get; init; } = [];

    /// <summary>The <c>--gidmap C:H:N</c> as written.</summary>
    public IReadOnlyList<string> GidMaps { get; init; } = [];

    /// <summary>The network; null when not asked about.</summary>
    public NetworkMode? Network { get; init; }

    /// <summary>Capabilities to add, as written.</summary>
    public IReadOnlyList<string> CapAdd { get; init; } = [];

    /// <summary>Capabilities to drop, as written.</summary>
    public IReadOnlyList<string> CapDrop { get; init; } = [];

    /// <summary>What the <c>--security-opt</c> ask for together.</summary>
    public SecurityOpts Security { get; init; } = SecurityOpts.Default;

    /// <summary>Resource limits.</summary>
    public IReadOnlyList<UlimitSpec> Ulimits { get; init; } = [];

    /// <summary>Limits for the container as a whole.</summary>
    public LimitsSpec Limits { get; init; } = LimitsSpec.None;

    /// <summary>An OCI config.json to start from.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>What is run in place of the image's entrypoint; empty text takes it away.</summary>
    public string? Entrypoint { get; init; }

    /// <summary>Print each step in this form as it runs; null: do not.</summary>
    public TraceFormat? Trace { get; init; }

    /// <summary>Ask before each step (<c>--step</c>).</summary>
    public bool Step { get; init; }

    /// <summary>Steps to leave out, by number or by the name of their operation (<c>--break</c>).</summary>
    public IReadOnlyList<string> Break { get; init; } = [];

    /// <summary>Whether the launch is followed or changed step by step, and so needs its whole plan before it begins.</summary>
    public bool IsWatched => Trace is not null || Step || Break.Count != 0 || Report is not null;

    /// <summary>Write a report about the launch; null: do not.</summary>
    public ReportRequest? Report { get; init; }

    /// <summary>Print the plan in this form and run nothing; null: run.</summary>
    public ExplainFormat? Explain { get; init; }

    /// <summary>Annotations <c>KEY=VALUE</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Annotations { get; init; } = [];
}
