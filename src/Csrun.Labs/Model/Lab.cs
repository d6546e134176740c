using System.Collections.Immutable;

namespace Csrun.Labs.Model;

/// <summary>A lesson about user IDs: steps that are run for real, each with what it should print.</summary>
public sealed record Lab
{
    /// <summary>As it is typed after <c>csrun lab run</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One line for the list.</summary>
    public required string What { get; init; }

    /// <summary>The text that the lab replays.</summary>
    public required LabSource Source { get; init; }

    /// <summary>What it is about, read before the first step.</summary>
    public required string Lesson { get; init; }

    /// <summary>What the machine and the caller have to have; without it the lab is skipped with the reason.</summary>
    public ImmutableArray<LabNeed> Needs { get; init; } = [];

    /// <summary>Who types the commands, and owns the directory they work in.</summary>
    public LabActor Actor { get; init; } = LabActor.Caller;

    /// <summary>The steps, in order. A later one builds on what an earlier one left, so the first failure ends the lab.</summary>
    public required ImmutableArray<LabStep> Steps { get; init; }

    /// <summary>Commands that undo what removing the directory and its mounts does not; run always, whatever they answer.</summary>
    public ImmutableArray<LabStep> Cleanup { get; init; } = [];
}
