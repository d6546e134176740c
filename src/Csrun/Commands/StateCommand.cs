namespace Csrun.Commands;

/// <summary><c>csrun state CONTAINER</c>.</summary>
internal sealed class StateCommand : Verb
{
    internal override string Name => "state";

    internal override string Summary => "print the state of a container";

    internal override string Synopsis => "CONTAINER";

    internal override string Description => "Prints the state of a container as the OCI runtime-spec describes it: a JSON object with ociVersion, id, pid, status (creating, created, running, paused, stopped), bundle and annotations, and rootfs, created and owner as runc does. Containers of csrun run have one, too.";

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun state box1", "what it does now")];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, 1);
        return invocation.Engine.State(invocation.Words[0], invocation.Global);
    }
}
