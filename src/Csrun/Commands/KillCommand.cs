using Csrun.Linux.Abi;

namespace Csrun.Commands;

/// <summary><c>csrun kill CONTAINER...</c>.</summary>
internal sealed class KillCommand : Verb
{
    private readonly CliOption _signal = new(OptionKind.Value, "--signal", "SIGNAL", "the signal, by name or number, in place of KILL", "-s");

    internal override string Name => "kill";

    internal override string Summary => "send a signal to containers";

    internal override string Synopsis => "[OPTIONS] CONTAINER...";

    internal override string Description =>
        """
        Sends SIGKILL, or the signal that -s names, to the first process of each CONTAINER: a name, an ID, or the beginning of an ID that no other container's has. A first process gets only the signals that it has a handler for, besides KILL and STOP (pid_namespaces(7)).
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun kill box", "end it at once"), ("csrun kill -s HUP box", "another signal")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_signal])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, int.MaxValue);
        return invocation.Engine.Kill(invocation.Words, SignalNames.Parse(invocation.Options.Value(_signal) ?? "KILL", "--signal"), invocation.Global);
    }
}
