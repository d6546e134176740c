using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Bundle;

/// <summary>Under the name runc, <c>run</c> makes a container of a bundle, starts it, waits for it and deletes it.</summary>
public sealed class RunAsRuncTests(Sandbox sandbox) : BundleTest(sandbox)
{
    [UserFact]
    public void A_user_runs_a_bundle() => Runs(Identity.User);

    [RootFact]
    public void Root_runs_a_bundle() => Runs(Identity.Root);

    [UserFact]
    public void Signals_reach_the_command()
    {
        string bundle = Make(Identity.User, "trap 'exit 9' TERM; echo ready; while :; do sleep 0.1; done");
        Runc(Identity.User, bundle, "run signalled >out & until grep -q ready out; do sleep 0.05; done; kill $!; wait $!").Exited(9);
        Gone(Identity.User, "signalled");
    }

    [UserFact]
    public void A_command_that_is_not_there_leaves_nothing()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config => Args(config, "nosuch"));
        Runc(Identity.User, bundle, "run absent").Exited(127);
        Gone(Identity.User, "absent");
        // As far as execve it gets where only that can tell.
        bundle = Bundles.Make(Sandbox, Identity.User, config => Args(config, "/broken"));
        File.WriteAllText(In(bundle, "broken"), "#!/not/there\n");
        File.SetUnixFileMode(In(bundle, "broken"), (UnixFileMode)0x1ed);
        Runc(Identity.User, bundle, "run broken").Exited(127);
        Gone(Identity.User, "broken");
    }

    private void Runs(Identity identity)
    {
        string bundle = Make(identity, "read line; echo $line; exit 7");
        RunResult result = Runc(identity, bundle, "run fore <<E\nword\nE");
        Assert.Equal((7, "word\n", ""), (result.ExitCode, result.Stdout, result.Stderr));
        Gone(identity, "fore");

        Runc(identity, bundle, "run --keep kept </dev/null").Exited(7);
        Assert.Equal("stopped", State(identity, "kept").GetProperty("status").GetString());
        Sandbox.Csrun(identity, "delete", "kept").Printed("");

        bundle = Make(identity, "exec sleep 1000");
        Runc(identity, bundle, "run -d --pid-file pid back </dev/null >/dev/null 2>&1").Succeeded();
        Assert.Equal(File.ReadAllText(Path.Combine(bundle, "pid")), State(identity, "back").GetProperty("pid").ToString());
        Sandbox.Csrun(identity, "delete", "-f", "back").Printed("");
    }

    private string Make(Identity identity, string script) => Bundles.Make(Sandbox, identity, config => Args(config, "sh", "-c", script));

    private void Gone(Identity identity, string id) => Sandbox.Csrun(identity, "state", id).Refused(125, "does not exist");

    private RunResult Runc(Identity identity, string bundle, string words) =>
        Sandbox.Shell(identity, $"cd {bundle}; ln -s $CSRUN runc 2>/dev/null; ./runc {words}", TimeSpan.FromSeconds(20));
}
