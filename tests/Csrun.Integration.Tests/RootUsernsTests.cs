using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>--userns for root: private is the default and maps IDs away from root's own.</summary>
public sealed class RootUsernsTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [RootFact]
    public void Root_gets_a_private_map_that_is_not_the_hosts()
    {
        RunResult result = RunAs(Identity.Root, Host.AnyImage, "cat", "/proc/self/uid_map").Succeeded();
        long[] line = [.. result.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        Assert.Equal(0, line[0]);
        Assert.True(line[1] >= 65536, result.ToString());
        Assert.True(line[2] >= 65536, result.ToString());
    }

    [RootFact]
    public void The_free_range_overlaps_no_other_users()
    {
        long[] line = [.. RunAs(Identity.Root, Host.AnyImage, "cat", "/proc/self/uid_map").Succeeded().Output
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        Account user = Host.Of(Identity.User);
        Assert.True(line[1] + line[2] <= user.SubUid || line[1] >= user.SubUid + user.SubUidCount, $"{line[1]}+{line[2]} is {user.Name}'s");
    }

    [RootFact]
    public void The_images_files_belong_to_container_root_under_the_private_map() =>
        RunAs(Identity.Root, Host.AnyImage, "stat", "-c", "%u:%g", "/etc/passwd", "/").Printed("0:0\n0:0");

    [RootFact]
    public void Files_can_be_changed_under_the_private_map() =>
        RunAs(Identity.Root, Host.AnyImage, "sh", "-c", "echo x >> /etc/passwd && chown 35:35 /etc/passwd && stat -c %u:%g /etc/passwd").Printed("35:35");

    [RootFact]
    public void A_container_file_in_a_volume_belongs_to_the_mapped_root()
    {
        string volume = Sandbox.Directory(Identity.Root);
        Tool.Check("chmod", "0777", volume);
        RunResult result = RunAs(
            Identity.Root, "-v", $"{volume}:/data", Host.AnyImage, "sh", "-c", "echo x > /data/new; awk '{print $2; exit}' /proc/self/uid_map").Succeeded();
        Assert.Equal(result.Output, Tool.Check("stat", "-c", "%u", Path.Combine(volume, "new")).Trim());
    }

    [RootFact]
    public void Host_has_no_map_as_rootful_docker()
    {
        Assert.Equal(
            ["0", "0", "4294967295"],
            RunAs(Identity.Root, "--userns", "host", Host.AnyImage, "cat", "/proc/self/uid_map").Succeeded().Output
                .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        string volume = Sandbox.Directory(Identity.Root);
        RunAs(Identity.Root, "--userns", "host", "-v", $"{volume}:/data", Host.AnyImage, "sh", "-c", "echo x > /data/new; chown 35:36 /data/new").Succeeded();
        Assert.Equal("35:36", Tool.Check("stat", "-c", "%u:%g", Path.Combine(volume, "new")).Trim());
    }

    /// <summary>And CAP_MKNOD, as no device control group forbids to open what it makes (ADR-0020).</summary>
    [RootFact]
    public void Host_still_drops_the_capabilities_docker_drops() =>
        RunAs(Identity.Root, "--userns", "host", Host.AnyImage, "grep", "CapEff", "/proc/self/status").Printed("CapEff:\t00000000a00425fb");

    [RootFact]
    public void Host_opens_no_device_node_of_the_image()
    {
        string tree = TestRootfs.Make(Sandbox, Identity.Root), images = Sandbox.Directory(Identity.Root, "images");
        Tool.Check("mknod", "-m", "0666", Path.Combine(tree, "fuse"), "c", "10", "229");
        Tool.Check("mknod", "-m", "0666", Path.Combine(tree, "zero"), "c", "1", "5");
        Tool.Check("tar", "-czf", Path.Combine(images, "nodes-1.tar.gz"), "-C", tree, ".");

        RunResult result = Sandbox.Csrun(
            Identity.Root,
            ["run", "--userns", "host", "nodes", "sh", "-c", "test -c /zero && test -c /fuse && head -c 1 /fuse; head -c 1 /zero; head -c 1 /dev/zero | wc -c"],
            null,
            new Dictionary<string, string?> { ["CSRUN_IMAGE_PATH"] = images });

        Assert.Equal("1", result.Output);
        Assert.Equal("head: /fuse: Permission denied\nhead: /zero: Permission denied\n", result.Stderr);
    }

    [RootFact]
    public void A_map_of_ones_own_is_taken_as_written()
    {
        RunResult result = RunAs(Identity.Root, "--userns", "map=0:500000:1000", Host.AnyImage, "sh", "-c", "cat /proc/self/uid_map; stat -c %u /etc/passwd").Succeeded();
        Assert.Equal(["0", "500000", "1000", "0"], result.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
    }

    [RootFact]
    public void The_same_image_serves_two_maps_with_right_owners()
    {
        RunAs(Identity.Root, "--userns", "map=0:500000:65536", Host.AnyImage, "stat", "-c", "%u:%g", "/etc/passwd").Printed("0:0");
        RunAs(Identity.Root, "--userns", "map=0:700000:65536", Host.AnyImage, "stat", "-c", "%u:%g", "/etc/passwd").Printed("0:0");
    }

    [RootFact]
    public void Nothing_is_left_behind_by_roots_runs()
    {
        RunAs(Identity.Root, Host.AnyImage, "true").Succeeded();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.Root);
        for (int i = 0; i < 20; i++)
        {
            RunAs(Identity.Root, Host.AnyImage, "true").Succeeded();
        }

        leftovers.AssertNone();
    }
}
