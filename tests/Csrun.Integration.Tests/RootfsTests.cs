using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>--rootfs: a plain directory, used as it is.</summary>
public sealed class RootfsTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact]
    public void A_plain_directory_runs() =>
        Run("--rootfs", TestRootfs.Make(Sandbox, Identity.User), "/bin/busybox", "echo", "hello").Printed("hello");

    [UserFact]
    public void A_single_id_map_runs() =>
        Run("--rootfs", TestRootfs.Make(Sandbox, Identity.User), "--userns", $"map=0:{Host.Of(Identity.User).Uid}:1", "id", "-u").Printed("0");

    [NoSubIdsFact]
    public void A_user_without_subordinate_ids_can_run_one() =>
        RunAs(Identity.NoSubIds, "--rootfs", TestRootfs.Make(Sandbox, Identity.NoSubIds), "id", "-u").Printed("0");

    [RootFact]
    public void Root_can_run_one_with_right_owners() =>
        RunAs(Identity.Root, "--rootfs", TestRootfs.Make(Sandbox, Identity.Root), "stat", "-c", "%u:%g", "/etc/passwd").Printed("0:0");

    [UserFact]
    public void Changes_stay_in_the_directory()
    {
        string root = TestRootfs.Make(Sandbox, Identity.User);
        Run("--rootfs", root, "sh", "-c", "echo kept > /root/file").Succeeded();
        Assert.Equal("kept\n", File.ReadAllText(Path.Combine(root, "root/file")));
    }

    [UserFact]
    public void Missing_mount_points_are_made()
    {
        string root = TestRootfs.Make(Sandbox, Identity.User, mountPoints: false);
        Run("--rootfs", root, "test", "-r", "/proc/self/status").Succeeded();
    }

    [UserFact]
    public void The_root_is_reached_through_a_link_by_the_caller()
    {
        string root = TestRootfs.Make(Sandbox, Identity.User);
        string link = Path.Combine(Sandbox.Directory(Identity.User), "link");
        File.CreateSymbolicLink(link, root);
        Run("--rootfs", link, "echo", "hello").Printed("hello");
    }

    [UserFact]
    public void A_relative_directory_is_the_callers()
    {
        string root = TestRootfs.Make(Sandbox, Identity.User);
        Sandbox.Shell(Identity.User, $"cd {root}/.. && $CSRUN run --rootfs ./{Path.GetFileName(root)} echo hello").Printed("hello");
    }

    [UserTheory]
    [InlineData("/no/such/directory")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public void What_is_no_directory_is_refused(string root) => Run("--rootfs", root, "true").Refused(125);

    // CVE-2023-27561: an image whose /proc is a link must not redirect the mount.
    [UserTheory]
    [InlineData("proc", "/tmp")]
    [InlineData("proc", "/../../../../../../../tmp")]
    [InlineData("sys", "etc")]
    [InlineData("dev", "/tmp")]
    public void A_link_in_place_of_a_mount_point_is_refused(string name, string target)
    {
        string root = TestRootfs.Make(Sandbox, Identity.User);
        Directory.Delete(Path.Combine(root, name));
        File.CreateSymbolicLink(Path.Combine(root, name), target);
        Run("--rootfs", root, "true").Refused(125, "/" + name);
    }

    // CVE-2021-30465 and kin: a volume's destination below a link stays inside the root.
    [UserFact]
    public void A_volume_below_a_link_stays_inside_the_root()
    {
        string root = TestRootfs.Make(Sandbox, Identity.User);
        string outside = Sandbox.Directory(Identity.User, "outside");
        string volume = Sandbox.Directory(Identity.User, "volume");
        File.CreateSymbolicLink(Path.Combine(root, "escape"), outside);
        Run("--rootfs", root, "-v", $"{volume}:/escape/data", "true");
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
    }

    [UserFact]
    public void Image_unpack_makes_a_directory_that_runs()
    {
        string root = Path.Combine(Sandbox.Directory(Identity.User), "tree");
        Sandbox.Csrun(Identity.User, "image", "unpack", Host.AnyImage, root).Succeeded();
        Run("--rootfs", root, "id", "-u").Printed("0");
    }
}
