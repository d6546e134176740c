namespace Csrun.Integration.Tests.Lessons;

/// <summary>One command of a lesson, as its reader types it, and what it printed when the lesson was written.</summary>
/// <param name="Terminal">Which terminal it is typed into: <c>1</c>, another name for a second one, or <c>root</c> or <c>nosub</c>.</param>
/// <param name="Typed">What is typed; more than one line where the first one goes on after a prompt <c>&gt;</c>.</param>
/// <param name="First">The index of the first line of the output in the file.</param>
/// <param name="Output">The lines below it.</param>
internal sealed record LessonCommand(string Terminal, string Typed, int First, IReadOnlyList<string> Output)
{
    /// <summary>The heading of the third level that it stands under, or nothing.</summary>
    internal required string Section { get; init; }

    /// <summary>Whether every number in the output is another one each time.</summary>
    internal bool Volatile { get; init; }

    /// <summary>Whether it is root's, or builds on what root has typed before it, or takes root to become who types it.</summary>
    internal bool NeedsRoot { get; init; }

    /// <summary>The exit code of a block's last command, where the block says one.</summary>
    internal int? ExitCode { get; init; }
}
