using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>Who owns what: ID maps and the owners of files in volumes, seen from both sides.</summary>
public sealed class MapTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    private static Account User => Host.Of(Identity.User);

    [UserFact(Needs = Need.SubIds)]
    public void Private_map_has_the_caller_and_the_subordinate_ids()
    {
        Assert.Equal([[0, User.Uid, 1], [1, User.SubUid, 65536]], Map(Inside("cat /proc/self/uid_map")));
        Assert.Equal([[0, User.Gid, 1], [1, User.SubGid, 65536]], Map(Inside("cat /proc/self/gid_map")));
    }

    [UserFact(Needs = Need.SubIds)]
    public void Setgroups_is_allowed_with_a_full_map() => Inside("cat /proc/self/setgroups").Printed("allow");

    [UserFact(Needs = Need.SubIds)]
    public void A_file_of_container_root_belongs_to_the_caller()
    {
        string volume = Sandbox.Directory(Identity.User);
        Inside("echo hello > /data/new", "-v", $"{volume}:/data").Succeeded();
        Assert.Equal($"{User.Uid}:{User.Gid}", Owner(volume, "new"));
    }

    [UserFact(Needs = Need.SubIds)]
    public void A_file_of_container_uid_35_belongs_to_the_35th_subordinate_id()
    {
        string volume = Sandbox.Directory(Identity.User);
        Tool.Check("chmod", "1777", volume);
        Inside("echo hello > /data/new", "-u", "35:35", "-v", $"{volume}:/data").Succeeded();
        Assert.Equal($"{User.SubUid + 34}:{User.SubGid + 34}", Owner(volume, "new"));
    }

    [UserFact(Needs = Need.SubIds)]
    public void Keep_id_shows_the_callers_files_as_the_callers_and_the_images_as_roots()
    {
        string volume = Sandbox.Directory(Identity.User);
        Sandbox.Shell(Identity.User, $"echo mine > {volume}/mine").Succeeded();
        Run("--userns", "keep-id", "-v", $"{volume}:/data", Host.AnyImage, "sh", "-c", "id -u; id -g; stat -c %u:%g /data/mine /etc/passwd; echo new > /data/new")
            .Printed($"{User.Uid}\n{User.Gid}\n{User.Uid}:{User.Gid}\n0:0");
        Assert.Equal($"{User.Uid}:{User.Gid}", Owner(volume, "new"));
    }

    [UserFact(Needs = Need.SubIds)]
    public void Keep_id_can_put_the_caller_at_another_id()
    {
        string volume = Sandbox.Directory(Identity.User);
        Run("--userns", "keep-id:uid=999,gid=998", "-v", $"{volume}:/data", Host.AnyImage, "sh", "-c", "id -u; id -g; stat -c %u:%g /data")
            .Printed("999\n998\n999:998");
    }

    [UserFact(Needs = Need.SubIds)]
    public void Nomap_leaves_the_caller_out()
    {
        foreach (long[] line in Map(Run("--userns", "nomap", Host.AnyImage, "cat", "/proc/self/uid_map")))
        {
            Assert.False(User.Uid >= line[1] && User.Uid < line[1] + line[2], "the caller's ID is in the map");
        }
    }

    [UserFact(Needs = Need.SubIds)]
    public void A_map_of_ones_own_is_taken_as_written()
    {
        string map = $"map=0:{User.SubUid + 10}:500,500:{User.Uid}:1";
        Assert.Equal([[0, User.SubUid + 10, 500], [500, User.Uid, 1]], Map(Run("--userns", map, Host.AnyImage, "cat", "/proc/self/uid_map")));
    }

    [UserFact(Needs = Need.SubIds)]
    public void Uidmap_and_gidmap_options_are_taken_as_written()
    {
        RunResult result = Run(
            "--uidmap", $"0:{User.SubUid}:1000", "--gidmap", $"0:{User.SubGid + 100}:2000", Host.AnyImage, "cat", "/proc/self/uid_map", "/proc/self/gid_map");
        Assert.Equal([[0, User.SubUid, 1000], [0, User.SubGid + 100, 2000]], Map(result));
    }

    [UserTheory(Needs = Need.SubIds)]
    [InlineData("map=0:0:1")] // not the caller's
    [InlineData("map=0:4294967296:1")]
    [InlineData("map=0:1:4294967296")]
    [InlineData("map=0:1")]
    [InlineData("map=")]
    [InlineData("map=a:b:c")]
    [InlineData("map=0:1:0")]
    [InlineData("frobnicate")]
    [InlineData("keep-id:uid=x")]
    public void Maps_that_cannot_be_are_refused(string userns) => Run("--userns", userns, Host.AnyImage, "true").Refused(125);

    [UserFact(Needs = Need.Alpine | Need.SubIds)]
    public void A_map_too_small_for_the_image_is_refused_naming_the_file() =>
        Run("--userns", $"map=0:{User.SubUid}:40", "alpine", "true").Refused(125, "/etc/shadow", "0:42");

    [UserFact(Needs = Need.SubIds)]
    public void Overlapping_maps_are_refused_naming_both_lines()
    {
        RunResult result = Run("--userns", $"map=0:{User.SubUid}:10,5:{User.SubUid + 100}:10", Host.AnyImage, "true").Refused(125, "overlap");
        Assert.Contains($"{User.SubUid + 100}", result.Stderr, StringComparison.Ordinal);
    }

    [UserFact(Needs = Need.SubIds)]
    public void Host_ids_overlapping_are_refused() =>
        Run("--userns", $"map=0:{User.SubUid}:10,100:{User.SubUid + 5}:10", Host.AnyImage, "true").Refused(125, "overlap");

    private static long[][] Map(RunResult result) =>
        [.. result.Succeeded().Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToArray())];

    private static string Owner(string directory, string file) => Tool.Check("stat", "-c", "%u:%g", Path.Combine(directory, file)).Trim();
}
