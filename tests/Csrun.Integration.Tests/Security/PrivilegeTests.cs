using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>Capabilities, groups and the terminal of whoever calls csrun. CVE-2022-29162, CVE-2018-7169, TIOCSTI.</summary>
public sealed class PrivilegeTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [RootTheory]
    [InlineData("private", "a80425fb")]
    [InlineData("host", "a00425fb")] // without CAP_MKNOD (ADR-0020)
    public void Inheritable_and_ambient_capabilities_of_the_caller_stay_out(string userns, string bounding) =>
        Sandbox.Shell(Identity.Root, $"setpriv --inh-caps=+chown,+sys_admin,+net_admin --ambient-caps=+chown,+sys_admin,+net_admin $CSRUN run --userns {userns} {Host.AnyImage} grep -E 'Cap(Inh|Bnd|Amb)' /proc/self/status")
            .Printed($"CapInh:\t0000000000000000\nCapBnd:\t00000000{bounding}\nCapAmb:\t0000000000000000");

    [NoSubIdsFact]
    public void A_group_that_denies_a_file_cannot_be_dropped()
    {
        // 0604 and group 4242: everyone may read it but the members of that group.
        (string directory, string run) = GroupDenied("0604");
        RunResult result = Sandbox.Shell(Identity.Root, $"{run} sh -c 'cat /data/file; setpriv --clear-groups cat /data/file; cat /proc/self/setgroups'");
        Assert.DoesNotContain("content", result.Output, StringComparison.Ordinal);
        Assert.Contains("deny", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(directory, "file")));
    }

    [NoSubIdsFact]
    public void A_file_that_the_group_may_read_is_read() => Sandbox.Shell(Identity.Root, $"{GroupDenied("0640").Run} cat /data/file").Printed("content");

    [UserFact(Needs = Need.Script)]
    public void Without_a_terminal_of_its_own_a_container_has_no_power_over_the_callers()
    {
        Run(Host.AnyImage, "true").Succeeded(); // unpacks, and shows how far it is
        // /dev/tty opens for a process with a controlling terminal only, and TIOCSTI wants one too.
        RunResult result = Sandbox.Terminal(Identity.User, $"$CSRUN run -i {Host.AnyImage} sh -c 'test -t 1 && echo terminal; (: < /dev/tty) 2>/dev/null && echo controls || echo powerless'");
        Assert.Equal("terminal\r\npowerless", result.Output.TrimEnd('\r'));
    }

    [UserFact(Needs = Need.Script)]
    public void With_one_it_controls_that_one()
    {
        Run(Host.AnyImage, "true").Succeeded();
        Assert.Equal("controls", Sandbox.Terminal(Identity.User, $"$CSRUN run -t {Host.AnyImage} sh -c '(: < /dev/tty) && echo controls'").Output.TrimEnd('\r'));
    }

    private (string Directory, string Run) GroupDenied(string mode)
    {
        string directory = Sandbox.Directory(Identity.Root, "shared");
        string file = Path.Combine(directory, "file");
        File.WriteAllText(file, "content");
        Tool.Check("chown", "0:4242", file);
        Tool.Check("chmod", mode, file);
        Account account = Host.Of(Identity.NoSubIds);
        string run = $"CSRUN_ROOT={Sandbox.Root(Identity.NoSubIds)} HOME={account.Home} setpriv --reuid={account.Uid} --regid={account.Gid} --groups=4242 --inh-caps=-all $CSRUN run -v {directory}:/data {Host.AnyImage}";
        return (directory, run);
    }
}
