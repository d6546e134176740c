using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Broker;

/// <summary>Volumes that bindfs serves where there is no broker: what it can do for an ordinary user, and that nothing of it is left.</summary>
public sealed class BindfsTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    private static Account User => Host.Of(Identity.User);

    private static string Without => $"map=0:{User.SubUid}:65536";

    [UserFact(Needs = Need.SubIds | Need.Bindfs)]
    public void Files_show_as_roots_and_what_is_made_is_the_callers()
    {
        string volume = Volume();
        RunResult result = Served(volume, "stat -c %u:%g /data/mine; cat /data/mine; echo new > /data/new; mkdir /data/dir; chmod 700 /data/dir; stat -c '%u:%g %a' /data/new /data/dir; mv /data/new /data/dir/moved; grep -c ' /data fuse' /proc/mounts").Succeeded();
        Assert.Equal("0:0\nmine\n0:0 644\n0:0 700\n0", result.Output.Replace("\n1", "\n0", StringComparison.Ordinal));
        Assert.Contains("csrun: note: volume \"/data\": there is no broker, so bindfs serves it", result.Stderr, StringComparison.Ordinal);
        Assert.Equal($"{User.Uid}:{User.Gid} 700", Tool.Check("stat", "-c", "%u:%g %a", Path.Combine(volume, "dir")).Trim());
        Assert.Equal($"{User.Uid}:{User.Gid}", Tool.Check("stat", "-c", "%u:%g", Path.Combine(volume, "dir", "moved")).Trim());
    }

    [UserFact(Needs = Need.SubIds | Need.Bindfs)]
    public void Chown_is_refused_and_not_pretended()
    {
        string volume = Volume();
        RunResult result = Served(volume, "chown 35:36 /data/mine; stat -c %u:%g /data/mine").Succeeded();
        Assert.Contains("Operation not permitted", result.Stderr, StringComparison.Ordinal);
        Assert.Equal("0:0", result.Output);
    }

    [UserFact(Needs = Need.SubIds | Need.Bindfs)]
    public void Nothing_is_left_when_it_ends_or_is_killed()
    {
        string volume = Volume();
        Served(volume, "true").Succeeded();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.User);
        Served(volume, "exit 3").Exited(3);
        leftovers.AssertNone();
        Sandbox.Shell(Identity.User, $"CSRUN_BROKER=/nowhere \"$CSRUN\" run --userns {Without} -v {volume}:/data:idmap {Host.AnyImage} sh -c 'echo up > /data/up; sleep 100' & while [ ! -e {volume}/up ]; do sleep 0.05; done; kill -9 $!; wait").ToString();
        Assert.True(File.Exists(Path.Combine(volume, "up")));
        // A csrun that was killed leaves its layer to the next one; bindfs and its mount are gone at once.
        Served(volume, "true").Succeeded();
        leftovers.AssertNone();
    }

    [UserFact(Needs = Need.SubIds | Need.Bindfs)]
    public void What_it_cannot_do_is_refused()
    {
        string volume = Volume();
        string many = $"idmap=uids={User.SubUid}-{User.SubUid + 1}-2;gids={User.SubGid}-{User.SubGid + 1}-2";
        Sandbox.Csrun(Identity.User, ["run", "--userns", Without, "-v", $"{volume}:/data:{many}", Host.AnyImage, "true"], null, Nobody).Refused(125, "bindfs serves directories only");
        Sandbox.Csrun(Identity.User, ["run", "--userns", Without, "-v", $"{volume}/mine:/file:idmap", Host.AnyImage, "true"], null, Nobody).Refused(125, "bindfs serves directories only");
    }

    private static Dictionary<string, string?> Nobody => new() { ["CSRUN_BROKER"] = "/nowhere/broker.sock" };

    private RunResult Served(string volume, string script) =>
        Sandbox.Csrun(Identity.User, ["run", "--userns", Without, "-v", $"{volume}:/data:idmap", Host.AnyImage, "sh", "-c", script], null, Nobody);

    private string Volume()
    {
        string volume = Sandbox.Directory(Identity.User);
        Sandbox.Shell(Identity.User, $"echo mine > {volume}/mine").Succeeded();
        return volume;
    }
}
