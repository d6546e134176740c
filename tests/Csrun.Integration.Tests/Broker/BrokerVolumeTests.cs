using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Broker;

/// <summary>ID-mapped volumes of an ordinary user, through the broker: seen from inside and on the host.</summary>
public sealed class BrokerVolumeTests(Sandbox sandbox, BrokerProcess broker) : IntegrationTest(sandbox), IClassFixture<BrokerProcess>
{
    private static Account User => Host.Of(Identity.User);

    private static string Without => $"map=0:{User.SubUid}:65536";

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void A_new_file_of_the_containers_root_belongs_to_the_caller_and_others_keep_their_ids()
    {
        string volume = Volume();
        Mapped(volume, "stat -c %u:%g /data/mine; touch /data/root; touch /data/games; chown 35:36 /data/games; stat -c %u:%g /data/root /data/games").Printed("0:0\n0:0\n35:36");
        Assert.Equal($"{User.Uid}:{User.Gid}", Owner(volume, "root"));
        Assert.Equal($"{User.SubUid + 35}:{User.SubGid + 36}", Owner(volume, "games"));
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void Without_the_map_the_same_container_cannot_even_write()
    {
        string volume = Volume();
        RunResult plain = Run("--userns", Without, "-v", $"{volume}:/data", Host.AnyImage, "sh", "-c", "stat -c %u:%g /data/mine; touch /data/root");
        plain.Exited(1);
        Assert.Equal("65534:65534", plain.Output);
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void Without_a_broker_it_is_refused_with_why_and_two_ways_out()
    {
        string volume = Volume();
        Dictionary<string, string?> nobody = new() { ["CSRUN_BROKER"] = "/nowhere/broker.sock", ["PATH"] = Sandbox.MapToolsOnly() };
        Sandbox.Csrun(Identity.User, ["run", "--userns", Without, "-v", $"{volume}:/data:idmap", Host.AnyImage, "touch", "/data/f"], null, nobody)
            .Refused(125, "\"/data\"", volume, "only root", "/nowhere/broker.sock", "--userns keep-id", "csrun broker install");
        Assert.False(File.Exists(Path.Combine(volume, "f")));
    }

    [UserTheory(Needs = Need.SubIds | Need.RootTests)]
    [InlineData("private", "0")]
    [InlineData("keep-id", "")]
    public void Where_the_user_namespace_gives_the_owners_no_broker_is_asked(string userns, string shown)
    {
        string volume = Volume();
        Dictionary<string, string?> nobody = new() { ["CSRUN_BROKER"] = "/nowhere/broker.sock" };
        Sandbox.Csrun(Identity.User, ["run", "--userns", userns, "-v", $"{volume}:/data:idmap", Host.AnyImage, "stat", "-c", "%u", "/data/mine"], null, nobody)
            .Printed(shown.Length == 0 ? $"{User.Uid}" : shown);
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void A_map_that_is_spelled_out_is_taken_as_written()
    {
        string volume = Volume();
        string map = $"idmap=uids={User.Uid}-{User.SubUid + 7}-1;gids={User.Gid}-{User.SubGid + 8}-1";
        Run(volume, map, "stat -c %u:%g /data/mine; touch /data/no 2>&1 | grep -o 'Value too large'; cat /data/mine").Printed("7:8\nValue too large\nmine");
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void Inspect_says_which_way_each_volume_took()
    {
        string volume = Volume();
        Sandbox.Csrun(
            Identity.User,
            ["run", "-d", "--name", "tiers", "--userns", Without, "-v", $"{volume}:/mapped:idmap", "-v", $"{volume}:/plain", Host.AnyImage, "sleep", "60"],
            null,
            broker.Variables).Succeeded();
        string record = Sandbox.Csrun(Identity.User, "inspect", "tiers").Succeeded().Stdout;
        Sandbox.Csrun(Identity.User, "rm", "-f", "tiers").Succeeded();

        Assert.Matches("\"org\\.csrun\\.idmap:/mapped\": *\"mapped by the broker\"", record);
        Assert.DoesNotContain("org.csrun.idmap:/plain", record, StringComparison.Ordinal);
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void A_single_file_and_a_link_to_a_directory_can_be_mapped()
    {
        string volume = Volume();
        string link = Path.Combine(Sandbox.Directory(Identity.User), "link");
        File.CreateSymbolicLink(link, volume);
        Sandbox.Csrun(Identity.User, ["run", "--userns", Without, "-v", $"{volume}/mine:/file:idmap", "-v", $"{link}:/link:idmap", Host.AnyImage, "sh", "-c", "stat -c %u:%g /file /link/mine; echo more >> /file"], null, broker.Variables)
            .Printed("0:0\n0:0");
        Assert.Equal("mine\nmore\n", File.ReadAllText(Path.Combine(volume, "mine")));
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void Root_on_disk_and_other_users_show_as_nobody_and_stay_closed()
    {
        string volume = Volume();
        string theirs = Path.Combine(volume, "roots");
        File.WriteAllText(theirs, "secret\n");
        Tool.Check("chmod", "0600", theirs);
        Mapped(volume, "stat -c %u:%g /data/roots; cat /data/roots; chown 0:0 /data/roots; chmod 666 /data/roots; true").Printed("65534:65534");
        Assert.Equal("0:0", Owner(volume, "roots"));
        Assert.Equal("600", Tool.Check("stat", "-c", "%a", theirs).Trim());
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests | Need.Alpine)]
    public void A_set_user_id_file_is_inert_on_the_mount_and_its_twin_elsewhere_is_not()
    {
        // iconv is the one program of Alpine's that prints a file and is no busybox, which drops such rights itself.
        const string Script = """
            echo secret > /tmp/s; chown 5:5 /tmp/s; chmod 400 /tmp/s
            for place in /data /tmp; do
              cp /usr/bin/iconv $place/r; chown 5:5 $place/r; chmod 6755 $place/r
              su -s /bin/sh games -c "$place/r /tmp/s" || echo inert
            done
            """;
        RunResult result = Mapped(Volume(), Script).Succeeded();
        Assert.Equal("inert\nsecret", result.Output);
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void The_containers_root_cannot_take_nosuid_and_nodev_away()
    {
        const string Script = "mount -o remount,bind,suid,dev /data; mount -o remount,bind,ro /data; grep -o ' /data [a-z,]*,relatime' /proc/self/mountinfo";
        Sandbox.Csrun(
            Identity.User,
            ["run", "--userns", Without, "--cap-add", "ALL", "--security-opt", "seccomp=unconfined", "-v", $"{Volume()}:/data:idmap", Host.AnyImage, "sh", "-c", Script],
            null,
            broker.Variables).Printed(" /data ro,nosuid,nodev,relatime");
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void What_the_container_mounts_below_does_not_reach_the_host()
    {
        string volume = Volume();
        Directory.CreateDirectory(Path.Combine(volume, "below"));
        Tool.Check("chown", $"{User.Uid}:{User.Gid}", Path.Combine(volume, "below"));
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.User);
        Sandbox.Csrun(
            Identity.User,
            ["run", "--userns", Without, "--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined", "-v", $"{volume}:/data:idmap", Host.AnyImage, "sh", "-c", "mount -t tmpfs x /data/below && touch /data/below/f && ls /data/below"],
            null,
            broker.Variables).Printed("f");
        Assert.Empty(Directory.GetFiles(Path.Combine(volume, "below")));
        leftovers.AssertNone();
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void Ids_of_others_are_refused_with_the_brokers_reason()
    {
        string volume = Volume();
        RunResult result = Sandbox.Csrun(Identity.User, ["run", "--userns", Without, "-v", $"{volume}:/data:idmap=uids=0-{User.SubUid}-1;gids=0-{User.SubGid}-1", Host.AnyImage, "true"], null, broker.Variables)
            .Refused(125, "the broker refuses", "user 0 on disk", volume);
        Assert.DoesNotContain("granted", result.Stderr, StringComparison.Ordinal);
        broker.WaitFor("refused (NotYourId): csrun-test");
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void A_directory_with_a_mount_below_it_is_refused_and_its_neighbour_is_not()
    {
        string volume = Volume();
        string below = Path.Combine(volume, "below");
        Directory.CreateDirectory(below);
        Tool.Check("mount", "-t", "tmpfs", "csrun-it", below);
        try
        {
            Mapped(volume, "true").Refused(125, "the broker refuses", below, "uncover");
        }
        finally
        {
            Tool.Check("umount", below);
        }

        Mapped(volume, "true").Succeeded();
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void The_plan_names_the_broker_and_the_map()
    {
        string volume = Volume();
        string plan = Sandbox.Csrun(Identity.User, ["run", "--explain", "--userns", Without, "-v", $"{volume}:/data:idmap", Host.AnyImage, "true"], null, broker.Variables).Succeeded().Output;
        Assert.Contains($"made by the broker at {broker.Socket}: users {User.Uid}:{User.SubUid}:1,{User.SubUid + 1}:{User.SubUid + 1}:65535", plan, StringComparison.Ordinal);
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void Status_says_what_it_grants_and_to_whom_nothing()
    {
        RunResult user = Sandbox.Csrun(Identity.User, ["broker", "status"], null, broker.Variables).Succeeded();
        Assert.Contains($"grants you: users {User.Uid}, {User.SubUid}-{User.SubUid + User.SubUidCount - 1}", user.Output, StringComparison.Ordinal);
        Assert.Contains("grants you: nothing (root maps mounts itself)", Sandbox.Csrun(Identity.Root, ["broker", "status"], null, broker.Variables).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("\"running\": true", Sandbox.Csrun(Identity.User, ["broker", "status", "--json"], null, broker.Variables).Succeeded().Output, StringComparison.Ordinal);
        RunResult none = Sandbox.Csrun(Identity.User, ["broker", "status", "--socket", "/nowhere/broker.sock"]).Exited(1);
        Assert.Contains("does not run", none.Output, StringComparison.Ordinal);
    }

    private RunResult Mapped(string volume, string script) => Run(volume, "idmap", script);

    private RunResult Run(string volume, string idmap, string script) =>
        Sandbox.Csrun(Identity.User, ["run", "--userns", Without, "-v", $"{volume}:/data:{idmap}", Host.AnyImage, "sh", "-c", script], null, broker.Variables);

    private string Volume()
    {
        string volume = Sandbox.Directory(Identity.User);
        Sandbox.Shell(Identity.User, $"echo mine > {volume}/mine").Succeeded();
        return volume;
    }

    private static string Owner(string directory, string file) => Tool.Check("stat", "-c", "%u:%g", Path.Combine(directory, file)).Trim();
}
