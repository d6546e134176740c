namespace Csrun.Commands;

/// <summary><c>runc run [OPTIONS] ID</c>: what run means when csrun is called by that name.</summary>
internal sealed class RuncRunCommand : Verb
{
    private readonly BundleOptions _options = new();
    private readonly CliOption _detach = new(OptionKind.Flag, "--detach", "", "end once the command runs", "-d");
    private readonly CliOption _keep = new(OptionKind.Flag, "--keep", "", "keep the container after its end");
    private readonly CliOption _noSubreaper = new(OptionKind.Flag, "--no-subreaper", "", "accepted: csrun never adopts processes of others");

    internal override string Name => "run";

    internal override string Summary => "create and start a container of an OCI bundle";

    internal override string Synopsis => "[OPTIONS] ID";

    internal override string Description =>
        """
        Makes the container that config.json in the bundle describes, and starts its command: create and start in one. In the foreground csrun waits for its end, ends with its exit code, and removes the container.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("runc run --bundle ./box box1", "in the foreground"), ("runc run --detach --pid-file box.pid box1", "in the background")];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [.. _options.All, _detach, _keep, _noSubreaper])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, 1);
        return invocation.Engine.RunBundle(_options.Read(this, invocation), invocation.Options.Flag(_detach), invocation.Options.Flag(_keep), invocation.Global);
    }
}
