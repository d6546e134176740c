using System.Collections.Immutable;

namespace Csrun.Labs.Model;

/// <summary>One command of a lab and what is to be seen.</summary>
/// <param name="Say">What to see, for the reader; one or two sentences.</param>
/// <param name="Command">The command line (<see cref="Running.CommandWords"/>): <c>csrun</c> is this very program, <c>$NAME</c> a variable.</param>
public sealed record LabStep(string Say, string Command)
{
    /// <summary>The article's own command and what it printed there, line for line; null for a step that the article does not have.</summary>
    public string? Article { get; init; }

    /// <summary>What both output streams should hold (<see cref="Reporting.OutputPattern"/>); null where it does not matter.</summary>
    public string? Expect { get; init; }

    /// <summary>What the command reads, with variables replaced; null for nothing.</summary>
    public string? Input { get; init; }

    /// <summary>The exit code that is right.</summary>
    public int ExitCode { get; init; }

    /// <summary>Who types it; null for the lab's own actor.</summary>
    public LabActor? Actor { get; init; }

    /// <summary>The shell that stays open beyond this step and that is known by this name from now on.</summary>
    public string? Opens { get; init; }

    /// <summary>Whether the command goes on in the background until the lab ends: a service. What it prints is not looked at.</summary>
    public bool Background { get; init; }

    /// <summary>The open shell into which the command is typed, as it stands; null for a command of its own.</summary>
    public string? In { get; init; }

    /// <summary>The variable that takes what was printed, without the last newline.</summary>
    public string? Into { get; init; }

    /// <summary>What this step alone has to have; without it it is left out with the reason.</summary>
    public ImmutableArray<LabNeed> Needs { get; init; } = [];
}
