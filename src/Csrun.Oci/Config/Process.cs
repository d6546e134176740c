namespace Csrun.Oci;

/// <summary>The container's first process.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "Process". <c>commandLine</c> and <c>user.username</c> are for Windows and not kept.</remarks>
public sealed record Process
{
    /// <summary>Whether the process gets a pseudo-terminal as its standard streams.</summary>
    public bool Terminal { get; init; }

    /// <summary>First size of that terminal.</summary>
    public ConsoleSize? ConsoleSize { get; init; }

    /// <summary>IDs of the process, inside the container's user namespace.</summary>
    public User User { get; init; } = new();

    /// <summary>argv; the first is the program, looked up in PATH of <see cref="Env"/>.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>Environment as <c>NAME=VALUE</c>.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>Working directory, absolute, inside the container.</summary>
    public string Cwd { get; init; } = "";

    /// <summary>The five capability sets; null leaves what the user namespace gives.</summary>
    public Capabilities? Capabilities { get; init; }

    /// <summary>Resource limits, at most one of a type.</summary>
    public IReadOnlyList<Rlimit> Rlimits { get; init; } = [];

    /// <summary>Whether setuid bits and file capabilities stop working: prctl(2), PR_SET_NO_NEW_PRIVS.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>AppArmor profile entered at execve(2).</summary>
    public string? ApparmorProfile { get; init; }

    /// <summary>/proc/self/oom_score_adj, -1000 to 1000; null leaves the caller's.</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary>SELinux label entered at execve(2).</summary>
    public string? SelinuxLabel { get; init; }

    /// <summary>Scheduling policy, sched_setattr(2).</summary>
    public Scheduler? Scheduler { get; init; }

    /// <summary>I/O scheduling class and priority, ioprio_set(2).</summary>
    public IoPriority? IoPriority { get; init; }

    /// <summary>CPUs of later exec processes; JSON name <c>execCPUAffinity</c>.</summary>
    public CpuAffinity? ExecCpuAffinity { get; init; }
}
