namespace Csrun.Plan.Requests;

/// <summary>One <c>csrun exec</c>, read from its command line and not yet confronted with the container.</summary>
public sealed record ExecRequest
{
    /// <summary>The container's name, ID, or the beginning of its ID.</summary>
    public required string Container { get; init; }

    /// <summary>The command and its arguments, untouched.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Whether the caller's stdin reaches the command (<c>-i</c>).</summary>
    public bool Interactive { get; init; }

    /// <summary>Whether the command gets a terminal of its own (<c>-t</c>).</summary>
    public bool Tty { get; init; }

    /// <summary>Whether the command goes on in the background (<c>-d</c>).</summary>
    public bool Detach { get; init; }

    /// <summary>Variables over the container's own: <c>KEY=VALUE</c>, or <c>KEY</c> alone to take one away. Later ones win.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>The working directory; null: the container's.</summary>
    public string? Workdir { get; init; }

    /// <summary><c>USER[:GROUP]</c>, names or numbers of the container; null: the container's.</summary>
    public string? User { get; init; }

    /// <summary>A file with the process as the runtime-spec describes it, in place of command and options; null for none.</summary>
    public string? ProcessFile { get; init; }

    /// <summary>The file that the process's ID is written to, in csrun's PID namespace; null for none.</summary>
    public string? PidFile { get; init; }

    /// <summary>The Unix socket that the terminal's master side is sent to; null without one.</summary>
    public string? ConsoleSocket { get; init; }

    /// <summary>How many descriptors from 3 on the command gets besides the standard streams.</summary>
    public int PreserveFds { get; init; }

    /// <summary>Whether an engine calls: the caller's standard streams are the command's, in the background, too.</summary>
    public bool ByEngine => ProcessFile is not null || PidFile is not null || ConsoleSocket is not null;

    /// <summary>Capabilities that the process gets besides its own.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Further groups, by number.</summary>
    public IReadOnlyList<uint> AdditionalGids { get; init; } = [];

    /// <summary>Its AppArmor profile; null: the container's.</summary>
    public string? ApparmorProfile { get; init; }

    /// <summary>Its SELinux label; null: the container's.</summary>
    public string? SelinuxLabel { get; init; }

    /// <summary>Whether no_new_privs is set for the process.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>Print the plan in this form and run nothing; null: run.</summary>
    public ExplainFormat? Explain { get; init; }

    /// <summary>Print each step in this form as it is done; null: do not.</summary>
    public TraceFormat? Trace { get; init; }
}
