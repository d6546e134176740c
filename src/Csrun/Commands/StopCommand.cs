using System.Globalization;
using Csrun.Linux.Abi;

namespace Csrun.Commands;

/// <summary><c>csrun stop CONTAINER...</c>.</summary>
internal sealed class StopCommand : Verb
{
    private readonly CliOption _time = new(OptionKind.Value, "--time", "SECONDS", "how long to wait before the container is killed (default: 10)", "-t");
    private readonly CliOption _signal = new(OptionKind.Value, "--signal", "SIGNAL", "what to ask with, in place of TERM", "-s");

    internal override string Name => "stop";

    internal override string Summary => "ask containers to end, and kill those that do not";

    internal override string Synopsis => "[OPTIONS] CONTAINER...";

    internal override string Description =>
        """
        Sends SIGTERM to the first process of each CONTAINER, waits for its end, and kills it after 10 seconds, or as many as -t says. CONTAINER is a name, an ID, or the beginning of an ID that no other container's has.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun stop box", "within 10 seconds"), ("csrun stop -t 1 box", "within one")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_time, _signal])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, int.MaxValue);
        string time = invocation.Options.Value(_time) ?? "10";
        return double.TryParse(time, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= 86400
            ? invocation.Engine.Stop(invocation.Words, TimeSpan.FromSeconds(seconds), SignalNames.Parse(invocation.Options.Value(_signal) ?? "TERM", "--signal"), invocation.Global)
            : throw Wrong($"--time \"{time}\"", "it is a number of seconds, at most 86400", "--time 10");
    }
}
