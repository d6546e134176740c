using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>Capabilities, users and account files on bundles. CVE-2022-29162, CVE-2026-30892, CVE-2024-40635, CVE-2024-9676.</summary>
public sealed class BundlePrivilegeTests(Sandbox sandbox) : BundleTest(sandbox)
{
    [RootFact]
    public void Inheritable_and_ambient_capabilities_of_the_caller_stay_out()
    {
        const string With = "setpriv --inh-caps=+chown,+sys_admin --ambient-caps=+chown,+sys_admin";
        const string Expected = "CapInh:\t0000000000000000\nCapPrm:\t0000000000000020\nCapEff:\t0000000000000020\nCapBnd:\t0000000000000020\nCapAmb:\t0000000000000000";
        string bundle = Bundles.Make(Sandbox, Identity.Root, config => Args(config, "sh", "-c", "grep Cap /proc/self/status; exec sleep 100"));
        Sandbox.Shell(Identity.Root, $"{With} $CSRUN create -b {bundle} caps </dev/null >{bundle}/out 2>{bundle}/err; {With} $CSRUN start caps").Succeeded();
        RunResult exec = Sandbox.Shell(Identity.Root, $"{With} $CSRUN exec caps grep Cap /proc/self/status");
        string created = File.ReadAllText(Path.Combine(bundle, "out")).TrimEnd();
        RunResult ambient = Sandbox.Csrun(Identity.Root, "exec", "-u", "1000", "caps", "grep", "Cap[IEA]", "/proc/self/status");
        Sandbox.Csrun(Identity.Root, "delete", "--force", "caps").Succeeded();
        exec.Printed(Expected);
        Assert.Equal(Expected, created);
        ambient.Printed("CapInh:\t0000000000000000\nCapEff:\t0000000000000000\nCapAmb:\t0000000000000000");
    }

    [UserTheory]
    [InlineData("4294967296")]
    [InlineData("4294967295")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"0\"")]
    public void Odd_users_of_a_configuration_are_refused(string uid)
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config => config["process"]!["user"] = new JsonObject { ["uid"] = JsonNode.Parse(uid), ["gid"] = 0 });
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "odd").Refused(125, "$.process.user.uid");
    }

    [RootTheory]
    [InlineData("1000:")]
    [InlineData(":0")]
    [InlineData("4294967296")]
    [InlineData("2147483648")]
    [InlineData("-1")]
    [InlineData("1000")]
    public void A_number_for_exec_is_a_number_and_nothing_else(string user)
    {
        string bundle = Bundles.Make(Sandbox, Identity.Root);
        File.AppendAllText(In(bundle, "etc/passwd"), "1000:x:0:0::/root:/bin/sh\n4294967296:x:0:0::/root:/bin/sh\n2147483648:x:0:0::/root:/bin/sh\n-1:x:0:0::/root:/bin/sh\n");
        string id = $"user-{user.Length}-{user[^1] - 0}";
        Create(Identity.Root, bundle, id);
        Sandbox.Csrun(Identity.Root, "start", id).Printed("");
        RunResult result = Sandbox.Csrun(Identity.Root, "exec", "--user", user, id, "id", "-u");
        if (user == "1000")
        {
            result.Printed("1000");
        }
        else
        {
            result.Refused(125, "user");
        }
    }

    [RootTheory]
    [InlineData("mkfifo passwd", "regular")]
    [InlineData("truncate -s 64M passwd", "bytes")]
    [InlineData("ln -s /proc/self/environ passwd", "passwd")]
    [InlineData("mknod passwd c 199 77", "regular")]
    public void An_account_file_that_is_none_holds_exec_up_nowhere(string make, string message)
    {
        string bundle = Bundles.Make(Sandbox, Identity.Root);
        string id = $"accounts-{message}-{make.Length}";
        Create(Identity.Root, bundle, id);
        Sandbox.Csrun(Identity.Root, "start", id).Printed("");
        Sandbox.Csrun(Identity.Root, "exec", "--user", "guest", id, "id", "-u").Printed("405");
        Sandbox.Shell(Identity.Root, $"cd {bundle}/rootfs/etc && rm passwd && {make}").Succeeded();
        RunResult result = Sandbox.Csrun(Identity.Root, ["exec", "--user", "guest", id, "id", "-u"], null, null, TimeSpan.FromSeconds(10));
        Assert.True(result.ExitCode == 125 && result.Stderr.Contains(message, StringComparison.Ordinal), result.ToString());
    }

    [RootFact]
    public void An_account_file_that_links_to_the_host_is_not_read_there()
    {
        string accounts = Path.Combine(Sandbox.Directory(Identity.Root), "passwd");
        File.WriteAllText(accounts, "intruder:x:0:0::/:/bin/sh\n");
        string bundle = Bundles.Make(Sandbox, Identity.Root);
        Create(Identity.Root, bundle, "linked");
        Sandbox.Csrun(Identity.Root, "start", "linked").Printed("");
        Sandbox.Shell(Identity.Root, $"ln -sf {accounts} {bundle}/rootfs/etc/passwd").Succeeded();
        Sandbox.Csrun(Identity.Root, "exec", "--user", "intruder", "linked", "id").Refused(125, "intruder");
    }
}
