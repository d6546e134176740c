namespace Csrun.Integration.Tests.Lessons;

/// <summary>One command of a lesson, as its reader types it, and what it printed when the lesson was written.</summary>
/// <param name="Terminal">Which terminal it is typed into: <c>1</c>, another name for a second one, or <c>root</c>.</param>
/// <param name="Typed">What is typed; more than one line where the first one goes on after a prompt <c>&gt;</c>.</param>
/// <param name="First">The index of the first line of the output in the file.</param>
/// <param name="Output">The lines below it.</param>
/// <param name="Volatile">Whether every number in the output is another one each time.</param>
internal sealed record LessonCommand(string Terminal, string Typed, int First, IReadOnlyList<string> Output, bool Volatile)
{
    /// <summary>Whether it is root's, or builds on what root has typed before it.</summary>
    internal bool NeedsRoot { get; init; }
}
