namespace Csrun.Commands;

/// <summary><c>csrun unpause CONTAINER...</c>, and <c>csrun resume</c>, as runc calls it.</summary>
/// <param name="name">The name that was typed.</param>
internal sealed class ResumeCommand(string name) : Verb
{
    internal override string Name => name;

    internal override string Summary => name == "resume" ? "the same as unpause, as runc calls it" : "let paused containers go on";

    internal override string Synopsis => "CONTAINER...";

    internal override string Description =>
        """
        Thaws the control group of each CONTAINER, which csrun pause has frozen.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [($"csrun {name} box", "go on")];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, int.MaxValue);
        return invocation.Engine.Resume(invocation.Words, invocation.Global);
    }
}
