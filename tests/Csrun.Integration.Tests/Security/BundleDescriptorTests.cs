using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>Descriptors, working directories, memory and names on bundles. CVE-2024-21626, CVE-2016-9962, Incus CVE-2026-33711.</summary>
public sealed class BundleDescriptorTests(Sandbox sandbox) : BundleTest(sandbox)
{
    [UserFact]
    public void The_working_directory_of_create_cannot_be_a_descriptor() => Cwd(Identity.User);

    [RootFact]
    public void Nor_of_roots_create() => Cwd(Identity.Root);

    [RootFact]
    public void Nor_of_exec()
    {
        string bundle = Bundles.Make(Sandbox, Identity.Root);
        Create(Identity.Root, bundle, "cwd");
        Sandbox.Csrun(Identity.Root, "start", "cwd").Printed("");
        foreach (int fd in Enumerable.Range(3, 40).Concat(Enumerable.Range(200, 30)))
        {
            RunResult result = Sandbox.Shell(Identity.Root, $"exec 7</ 8</etc; $CSRUN exec -w /proc/self/fd/{fd} cwd pwd");
            Assert.True(result.ExitCode is 126 or 125 && result.Output == "", result.ToString());
        }

        Sandbox.Csrun(Identity.Root, "exec", "-w", "/var", "cwd", "pwd").Printed("/var");
    }

    [UserTheory]
    [InlineData("create")]
    [InlineData("exec")]
    public void What_the_caller_left_open_does_not_come_along(string verb)
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config => Args(config, "sh", "-c", "ls /proc/self/fd | tr '\\n' ' '; exec sleep 100"));
        const string Open = "exec 3</ 4</etc 5</etc/passwd 9</dev/null;";
        Sandbox.Shell(Identity.User, $"{Open} $CSRUN create -b {bundle} open-{verb} </dev/null >{bundle}/out 2>&1").Succeeded();
        Sandbox.Shell(Identity.User, $"{Open} $CSRUN start open-{verb}").Succeeded();
        string seen = verb == "exec"
            ? Sandbox.Shell(Identity.User, $"{Open} $CSRUN exec open-exec sh -c 'ls /proc/self/fd | tr \"\\n\" \" \"'").Succeeded().Output
            : Written(Path.Combine(bundle, "out"));
        Sandbox.Csrun(Identity.User, "delete", "--force", $"open-{verb}");
        Assert.Equal("0 1 2 3", seen.TrimEnd()); // 3 is the directory that ls reads
    }

    [RootFact]
    public void A_process_that_waits_for_start_is_closed_to_roots_of_the_container()
    {
        string bundle = Bundles.Make(Sandbox, Identity.Root);
        Create(Identity.Root, bundle, "waits", "");
        RunResult look = Sandbox.Csrun(Identity.Root, "exec", "waits", "sh", "-c", "for f in environ maps mem; do cat /proc/1/$f; done; ls /proc/1/cwd/; for l in /proc/1/fd/*; do readlink $l; head -c 9 $l; done; readlink /proc/1/exe /proc/1/root /proc/1/ns/mnt");
        Assert.Equal("", look.Output);
        Assert.Contains("ermission denied", look.Stderr, StringComparison.Ordinal);
        Sandbox.Csrun(Identity.Root, "start", "waits").Printed("");
        Assert.Contains("/usr/bin", Sandbox.Csrun(Identity.Root, "exec", "waits", "cat", "/proc/1/environ").Succeeded().Output, StringComparison.Ordinal);
    }

    [UserTheory]
    [InlineData("../x")]
    [InlineData("..")]
    [InlineData("/x")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("x\n")]
    public void An_id_is_no_path(string id)
    {
        string bundle = Bundles.Make(Sandbox, Identity.User);
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "--", id).Refused(125, "not a container ID");
        Assert.NotEqual(0, Sandbox.Csrun(Identity.User, "delete", "--force", "--", "../../bundle").ExitCode | (Directory.Exists(bundle) ? 1 : 0));
        Sandbox.Csrun(Identity.User, "list", "-q").Printed("");
        Assert.True(File.Exists(Path.Combine(bundle, "config.json")));
    }

    private void Cwd(Identity identity)
    {
        string bundle = Bundles.Make(Sandbox, identity, config => config["process"]!["cwd"] = "/proc/self/fd/NUMBER");
        string template = File.ReadAllText(Path.Combine(bundle, "config.json"));
        foreach (int fd in Enumerable.Range(3, 30).Concat(Enumerable.Range(200, 25)))
        {
            File.WriteAllText(Path.Combine(bundle, "config.json"), template.Replace("NUMBER", $"{fd}", StringComparison.Ordinal));
            RunResult result = Sandbox.Shell(identity, $"exec 7</ 8</etc; $CSRUN create -b {bundle} cwd-{fd} </dev/null");
            Assert.True(result.ExitCode is 125 or 126 && result.Stderr.Contains($"/proc/self/fd/{fd}", StringComparison.Ordinal), result.ToString());
        }

        Sandbox.Csrun(identity, "list", "-q").Printed("");
    }

    private static string Written(string file)
    {
        for (int i = 0; i < 100 && new FileInfo(file).Length == 0; i++)
        {
            Thread.Sleep(20);
        }

        return File.ReadAllText(file);
    }
}
