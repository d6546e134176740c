using Csrun.Linux.Abi;

namespace Csrun.Commands;

/// <summary><c>csrun kill CONTAINER...</c>, and as engines call it <c>csrun kill ID SIGNAL</c>.</summary>
internal sealed class KillCommand : Verb
{
    private readonly CliOption _signal = new(OptionKind.Value, "--signal", "SIGNAL", "the signal, by name or number, in place of KILL", "-s");
    private readonly CliOption _all = new(OptionKind.Flag, "--all", "", "to every process in the container; one that has ended is no failure", "-a");

    internal override string Name => "kill";

    internal override string Summary => "send a signal to containers";

    internal override string Synopsis => "[OPTIONS] CONTAINER... | CONTAINER SIGNAL";

    internal override string Description =>
        """
        Sends SIGKILL, or the signal that -s names, to the first process of each CONTAINER: a name, an ID, or the beginning of an ID that no other container's has. A first process gets only the signals that it has a handler for, besides KILL and STOP (pid_namespaces(7)). Where the PID namespace is not the container's own, SIGKILL goes to every process in its control group.

        Two words, the second of which is a signal, are one container and its signal, as engines call it: csrun kill box TERM. Nothing is printed then. Under the name runc the signal is TERM where none is named.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun kill box", "end it at once"), ("csrun kill -s HUP box", "another signal")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_signal, _all])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, int.MaxValue);
        IReadOnlyList<string> words = invocation.Words;
        string? option = invocation.Options.Value(_signal);
        bool all = invocation.Options.Flag(_all);
        if (option is null && words.Count == 2 && SignalNames.TryParse(words[1]) is { } second)
        {
            return invocation.Engine.Signal(words[0], second, all, invocation.Global);
        }

        if (option is null && words.Count == 1 && invocation.Host.AsRunc)
        {
            return invocation.Engine.Signal(words[0], Signal.SIGTERM, all, invocation.Global);
        }

        Signal signal = SignalNames.Parse(option ?? "KILL", "--signal");
        return all && words.Count == 1
            ? invocation.Engine.Signal(words[0], signal, all, invocation.Global)
            : invocation.Engine.Kill(words, signal, invocation.Global);
    }
}
