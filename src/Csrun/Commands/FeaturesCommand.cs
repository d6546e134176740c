namespace Csrun.Commands;

/// <summary><c>csrun features</c>.</summary>
internal sealed class FeaturesCommand : Verb
{
    internal override string Name => "features";

    internal override string Summary => "print what this csrun can do, as JSON";

    internal override string Synopsis => "";

    internal override string Description =>
        """
        Prints the features structure of the OCI runtime-spec: the versions, hooks, mount options, namespaces, capabilities and seccomp words that a config.json may have. It says what this csrun can do, whatever this host allows; csrun doctor says that.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun features", "everything"), ("csrun features | jq -c .linux.namespaces", "one list")];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 0);
        return invocation.Engine.Features(invocation.Global);
    }
}
