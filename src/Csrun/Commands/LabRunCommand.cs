using Csrun.Labs;
using Csrun.Linux;

namespace Csrun.Commands;

/// <summary><c>csrun lab run</c>.</summary>
internal sealed class LabRunCommand : Verb
{
    private readonly CliOption _keep = new(OptionKind.Flag, "--keep", "", "leave the directories, mounts and containers for a look around");
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print an object with every step once all have ended");

    internal override string Name => "lab run";

    internal override string Summary => "run lessons about user IDs for real";

    internal override string Synopsis => "NAME...|all [--keep] [--json]";

    internal override string Description =>
        """
        Runs each lab's commands in a new directory below TMPDIR (else /var/tmp) and compares what they print with what they should. A step shows the article's own command on the left and what happens here on the right; lines marked - were expected, lines marked + were printed instead.

        A lab that cannot run here is skipped with the reason. The exit code is 0 when nothing failed, and 1 otherwise. What a lab makes is removed at its end.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
        [("csrun lab run docker-rootless", "who is who in a rootless container"), ("csrun lab run all --json", "every lab, for a program to read")];

    internal override IReadOnlyList<string> Operands => ["all", .. LabTable.All.Select(lab => lab.Name)];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_keep, _json])];

    internal override int Invoke(Invocation invocation)
    {
        IReadOnlyList<string> names = invocation.Words;
        Expect(names, 1, int.MaxValue);
        foreach (string name in names)
        {
            if (name != "all" && LabTable.Find(name) is null)
            {
                IReadOnlyList<string> close = CloseNames.Of(name, [.. Operands]);
                throw Wrong($"\"{name}\" is no lab", close.Count == 0 ? "no lab has a name close to it" : $"close to it: {string.Join(", ", close)}", "csrun lab list");
            }
        }

        return invocation.Engine.LabRun(names.Contains("all") ? [] : names, invocation.Options.Flag(_keep), invocation.Options.Flag(_json));
    }
}
