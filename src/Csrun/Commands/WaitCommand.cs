namespace Csrun.Commands;

/// <summary><c>csrun wait CONTAINER...</c>.</summary>
internal sealed class WaitCommand : Verb
{
    internal override string Name => "wait";

    internal override string Summary => "wait until containers have ended, and print their exit codes";

    internal override string Synopsis => "CONTAINER...";

    internal override string Description =>
        """
        Waits for the end of each CONTAINER in turn and prints its exit code, one a line: the command's own, or 128+n when signal n ended it. CONTAINER is a name, an ID, or the beginning of an ID that no other container's has.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun wait box", "its exit code, once it has one")];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, int.MaxValue);
        return invocation.Engine.Wait(invocation.Words, invocation.Global);
    }
}
