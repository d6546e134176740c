using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>The main job: a container's id, as Docker prints it.</summary>
public sealed class IdTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    private const string RootId =
        "uid=0(root) gid=0(root) groups=0(root),1(bin),2(daemon),3(sys),4(adm),6(disk),10(wheel),11(floppy),20(dialout),26(tape),27(video)";

    [UserFact(Needs = Need.Alpine | Need.SubIds)]
    public void Alpine_prints_dockers_id() => Run("alpine", "id").Printed(RootId);

    [RootFact(Needs = Need.Alpine)]
    public void Alpine_prints_dockers_id_for_root() => RunAs(Identity.Root, "alpine", "id").Printed(RootId);

    [UserFact]
    public void Root_is_uid_0_in_any_image() => Inside("id -u; id -g; id -un").Printed("0\n0\nroot");

    [UserTheory(Needs = Need.Alpine | Need.SubIds)]
    [InlineData("1000:1000", "uid=1000 gid=1000 groups=1000")]
    [InlineData("1000", "uid=1000 gid=0(root) groups=0(root)")]
    [InlineData("0:27", "uid=0(root) gid=27(video) groups=27(video)")]
    [InlineData("guest", "uid=405(guest) gid=100(users) groups=100(users)")]
    [InlineData("guest:video", "uid=405(guest) gid=27(video) groups=27(video)")]
    [InlineData("65535:65535", "uid=65535 gid=65535 groups=65535")]
    public void User_option_gives_dockers_ids(string user, string expected) => Run("--user", user, "alpine", "id").Printed(expected);

    [UserFact(Needs = Need.Alpine | Need.SubIds)]
    public void Group_add_adds_names_and_numbers() =>
        Run("-u", "1000:1000", "--group-add", "video", "--group-add", "4321", "alpine", "id").Printed("uid=1000 gid=1000 groups=27(video),1000,4321");

    [UserFact(Needs = Need.Alpine)]
    public void A_user_the_image_does_not_have_is_refused() => Run("-u", "nobodyhere", "alpine", "id").Refused(125, "nobodyhere", "/etc/passwd");

    [UserFact(Needs = Need.Alpine)]
    public void A_group_the_image_does_not_have_is_refused() => Run("-u", "0:nogrouphere", "alpine", "id").Refused(125, "nogrouphere", "/etc/group");

    // CVE-2026-30892 and its kin: a number is never a name, and never wraps.
    [UserTheory]
    [InlineData("4294967296")]
    [InlineData("4294967295")]
    [InlineData("-1")]
    [InlineData("0:4294967296")]
    [InlineData("99999999999999999999")]
    [InlineData(":")]
    [InlineData("0:")]
    public void Ids_that_are_none_are_refused(string user) => Run("--user=" + user, Host.AnyImage, "id").Refused(125);

    [UserFact(Needs = Need.SubIds)]
    public void An_id_outside_the_map_is_refused_with_the_maps_size() => Run("-u", "70000", Host.AnyImage, "id").Refused(125, "70000", "65536");

    [NoSubIdsFact]
    public void Without_subordinate_ids_there_is_one_id_and_csrun_says_so()
    {
        RunResult result = RunAs(Identity.NoSubIds, Host.AnyImage, "cat", "/proc/self/uid_map").Succeeded();
        Assert.Equal(["0", $"{Host.NoSubIds!.Uid}", "1"], result.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("subordinate", result.Stderr, StringComparison.Ordinal);
    }

    [NoSubIdsFact]
    public void Without_subordinate_ids_setgroups_is_denied() =>
        RunAs(Identity.NoSubIds, Host.AnyImage, "cat", "/proc/self/setgroups").Printed("deny");

    [NoSubIdsFact]
    public void Without_subordinate_ids_another_user_is_refused() =>
        RunAs(Identity.NoSubIds, "-u", "1000", Host.AnyImage, "id").Refused(125, "1000", "usermod --add-subuids");
}
