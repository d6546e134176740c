namespace Csrun.Commands;

/// <summary><c>csrun start CONTAINER...</c>.</summary>
internal sealed class StartCommand : Verb
{
    internal override string Name => "start";

    internal override string Summary => "start the command of a container that was created";

    internal override string Synopsis => "CONTAINER...";

    internal override string Description => "Lets the command of each CONTAINER run that csrun create has made, and returns when it runs. A command that cannot be executed is a failure of start.";

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun start box1", "run its command")];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, int.MaxValue);
        return invocation.Engine.Start(invocation.Words, invocation.Global);
    }
}
