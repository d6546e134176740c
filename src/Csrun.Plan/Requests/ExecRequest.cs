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

    /// <summary>Print the plan in this form and run nothing; null: run.</summary>
    public ExplainFormat? Explain { get; init; }
}
