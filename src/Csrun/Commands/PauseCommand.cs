namespace Csrun.Commands;

/// <summary><c>csrun pause CONTAINER...</c>.</summary>
internal sealed class PauseCommand : Verb
{
    internal override string Name => "pause";

    internal override string Summary => "stop all processes of containers where they are";

    internal override string Synopsis => "CONTAINER...";

    internal override string Description =>
        """
        Freezes the control group of each CONTAINER: its processes get no processor until csrun unpause. Unlike a signal, they cannot notice or refuse it. A container without a control group of its own cannot be paused: one in the foreground without limits, or of a caller to whom none was handed down.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun pause box", "csrun ps says paused")];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, int.MaxValue);
        return invocation.Engine.Pause(invocation.Words, invocation.Global);
    }
}
