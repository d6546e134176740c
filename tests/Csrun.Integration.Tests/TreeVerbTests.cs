using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>csrun rm-tree and csrun chown-back.</summary>
public sealed class TreeVerbTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    // What a container's users leave: foreign owners, closed directories, links to elsewhere, a name that is no line.
    private const string Mess = "mkdir -p /d/a/b; touch /d/a/b/f /d/a/f /d/mine; ln -s /etc /d/a/up; ln -s /d/mine /d/a/in; touch \"/d/a/x\ny\"; chown -R 35:36 /d/a; chown -h 35:36 /d/a/up; chmod 700 /d/a; chmod 0 /d/a/b";

    [UserFact(Needs = Need.SubIds)]
    public void A_tree_that_rm_cannot_remove_is_removed_and_nothing_beside_it()
    {
        string directory = Messy();
        string beside = Path.Combine(directory, "beside");
        File.WriteAllText(beside, "stays");
        Tool.Check("ln", "-s", beside, Path.Combine(directory, "data", "link"));
        Assert.NotEqual(0, Shell($"rm -rf {directory}/data").ExitCode);

        Csrun("rm-tree", $"{directory}/data").Printed($"removed {directory}/data (8 files)");

        Assert.False(Directory.Exists($"{directory}/data"));
        Assert.Equal("stays", File.ReadAllText(beside));
    }

    [UserFact(Needs = Need.SubIds)]
    public void A_tree_below_a_closed_directory_can_be_named()
    {
        string directory = Messy();
        Csrun("rm-tree", $"{directory}/data/a/b").Succeeded();
        Shell($"$CSRUN unshare test ! -e {directory}/data/a/b").Succeeded();
        Shell($"$CSRUN unshare test -e {directory}/data/a/f").Succeeded();
    }

    [UserFact(Needs = Need.SubIds)]
    public void A_tree_is_given_back_with_its_links_and_closed_directories()
    {
        string directory = Messy();
        Account user = Host.User!;
        Csrun("chown-back", $"{directory}/data").Printed($"{directory}/data: 7 of 9 files given back");
        string owners = Tool.Check("find", $"{directory}/data", "-printf", "%U:%G\\n");
        Assert.All(owners.TrimEnd('\n').Split('\n'), owner => Assert.Equal($"{user.Uid}:{user.Gid}", owner));
        Assert.Equal(9, owners.TrimEnd('\n').Split('\n').Length);
        Assert.Equal("0:0", Tool.Check("stat", "-c", "%u:%g", "/etc").Trim());
        Csrun("chown-back", $"{directory}/data").Printed($"{directory}/data: 0 of 9 files given back");
    }

    [UserTheory]
    [InlineData("/", "root of the file system")]
    [InlineData("//", "root of the file system")]
    [InlineData("$HOME", "home directory itself")]
    [InlineData("$HOME/", "home directory itself")]
    [InlineData("/usr/..", "no name but a way")]
    [InlineData("/var", "holds")]
    [InlineData("/no/such", "does not exist")]
    public void What_must_not_be_touched_is_refused(string path, string why)
    {
        path = path.Replace("$HOME", Host.User!.Home, StringComparison.Ordinal);
        Csrun("rm-tree", path).Refused(125, why);
        Csrun("chown-back", path).Refused(125, why);
    }

    [UserFact]
    public void All_wrong_paths_are_named_at_once_and_no_good_one_is_touched()
    {
        string directory = Sandbox.Directory(Identity.User);
        Shell($"touch {directory}/good").Succeeded();
        RunResult refused = Csrun("rm-tree", $"{directory}/good", $"{directory}/missing", "/").Refused(125, "2 of 3 paths", "missing\" does not exist", "\"/\" is the root");
        Assert.True(File.Exists($"{directory}/good"), refused.ToString());
    }

    [UserFact(Needs = Need.RootTests | Need.SubIds)]
    public void Another_users_file_stops_everything_before_it_begins()
    {
        string directory = Messy();
        string foreign = $"{directory}/data/theirs";
        File.WriteAllText(foreign, "root's");
        foreach (string verb in (string[])["rm-tree", "chown-back"])
        {
            Csrun(verb, $"{directory}/data").Refused(125, $"\"{foreign}\" belongs to user 0 (root)", "[ID_NOT_OWNED]", "nothing was");
            Assert.True(File.Exists(foreign));
            Shell($"$CSRUN unshare sh -c 'test -e {directory}/data/a/b/f && stat -c %u {directory}/data/a'").Printed("35");
        }
    }

    [UserFact(Needs = Need.SubIds)]
    public void A_container_user_whose_number_is_nobodys_is_not_taken_for_a_foreigner()
    {
        string directory = Sandbox.Directory(Identity.User);
        Shell($"touch {directory}/f; $CSRUN unshare chown 65534:65534 {directory}/f").Succeeded();
        Csrun("chown-back", $"{directory}/f").Printed($"{directory}/f: 1 of 1 file given back");
    }

    [RootFact]
    public void A_mount_in_the_tree_is_named_and_not_crossed()
    {
        string directory = Sandbox.Directory(Identity.Root);
        Directory.CreateDirectory($"{directory}/data/mnt");
        RunResult Try(string verb) => Sandbox.Shell(
            Identity.Root, $"unshare -m sh -c 'mount -t tmpfs none {directory}/data/mnt; touch {directory}/data/mnt/inside; $CSRUN {verb} {directory}/data; code=$?; test -e {directory}/data/mnt/inside && exit $code'");

        Try("rm-tree").Refused(125, $"something is mounted on \"{directory}/data/mnt\"", $"umount '{directory}/data/mnt'");
        Assert.Contains("was left out", Try("chown-back").Succeeded().Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("was left out", Try("chown-back --cross-mounts").Succeeded().Stderr, StringComparison.Ordinal);
    }

    [NoSubIdsFact]
    public void Without_subordinate_ids_own_files_are_worked_on()
    {
        string directory = Sandbox.Directory(Identity.NoSubIds);
        Sandbox.Shell(Identity.NoSubIds, $"mkdir {directory}/d; touch {directory}/d/f; chmod 0 {directory}/d; $CSRUN rm-tree {directory}/d").Printed($"removed {directory}/d (2 files)");
    }

    [UserFact(Needs = Need.SubIds)]
    public void A_tree_deeper_than_a_path_may_be_long_is_given_back_and_removed()
    {
        string directory = Sandbox.Directory(Identity.User);
        string part = new('d', 200);
        Shell($"cd {directory}; mkdir deep; cd deep; for i in $(seq 60); do mkdir {part}; cd -P {part} 2>/dev/null || break; done; touch bottom; true").Succeeded();
        RunResult back = Csrun("chown-back", $"{directory}/deep").Succeeded();
        Assert.Contains("0 of 62 files", back.Stdout, StringComparison.Ordinal);
        Csrun("rm-tree", $"{directory}/deep").Succeeded();
        Assert.False(Directory.Exists($"{directory}/deep"));
    }

    [UserFact(Needs = Need.SubIds)]
    public void What_the_volume_option_U_changed_is_undone_and_then_the_rest_can_be_taken()
    {
        string directory = Sandbox.Directory(Identity.User);
        Account user = Host.User!;
        Shell($"mkdir {directory}/data; touch {directory}/data/mine").Succeeded();
        Run("-u", "35:36", "-v", $"{directory}/data:/d:U", Host.AnyImage, "sh", "-c", "touch /d/made; stat -c %u /d/mine").Printed("35");
        Assert.Equal($"{user.SubUid + 34}", Tool.Check("stat", "-c", "%u", $"{directory}/data/mine").Trim());

        RunResult undone = Csrun("chown-back", $"{directory}/data").Succeeded();
        Assert.Contains("2 of 2 changes of owners undone", undone.Stdout, StringComparison.Ordinal);
        Assert.Equal($"{user.Uid} {user.Uid} {user.SubUid + 34}", Tool.Check("stat", "-c", "%u", $"{directory}/data", $"{directory}/data/mine", $"{directory}/data/made").Trim().Replace('\n', ' '));

        Csrun("chown-back", $"{directory}/data").Printed($"{directory}/data: 1 of 3 files given back");
    }

    private string Messy()
    {
        string directory = Sandbox.Directory(Identity.User);
        Shell($"mkdir {directory}/data").Succeeded();
        Run("-v", $"{directory}/data:/d", Host.AnyImage, "sh", "-c", Mess).Succeeded();
        return directory;
    }

    private RunResult Csrun(params string[] args) => Sandbox.Csrun(Identity.User, args);

    private RunResult Shell(string command) => Sandbox.Shell(Identity.User, command);
}
