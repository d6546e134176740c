using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Tests.Accounts;

public sealed class IdentityFactsTests : IDisposable
{
    private readonly string _etc = Directory.CreateTempSubdirectory("csrun-etc-").FullName;

    public void Dispose() => Directory.Delete(_etc, recursive: true);

    private IdentityFacts Read(bool privileged = false, bool initial = true) =>
        IdentityFacts.Read(1000, 1000, privileged, initial, "/nonexistent", _etc);

    private void Write(string subuid, string subgid)
    {
        File.WriteAllText($"{_etc}/passwd", "root:x:0:0::/root:/bin/sh\nalice:x:1000:100::/home/alice:/bin/sh\n");
        File.WriteAllText($"{_etc}/subuid", subuid);
        File.WriteAllText($"{_etc}/subgid", subgid);
    }

    [Fact]
    public void A_caller_with_subordinate_ids_is_read_without_looking_at_others()
    {
        Write("alice:100000:65536\nbob:200000:65536\n", "alice:100000:65536\n");
        IdentityFacts facts = Read();
        Assert.Equal(("alice", 100u, "alice"), (facts.CallerName, facts.PrimaryGid, facts.Caller));
        Assert.Equal([new IdRange(100000, 65536)], facts.SubIds.Uids.ToArray());
        Assert.Same(TakenIds.None, facts.Taken);
        Assert.Equal(MapToolState.Missing, facts.NewUidMap!.State);
        Assert.Equal(MapToolState.Missing, facts.NewGidMap!.State);
        Assert.Null(facts.Self);
        Assert.Null(Read(privileged: true).NewUidMap);
    }

    [Fact]
    public void A_caller_without_enough_brings_what_others_have()
    {
        Write("bob:200000:65536\n", "alice:100000:65536\n");
        IdentityFacts facts = Read();
        Assert.Equal("bob", Assert.Single(facts.Taken.SubUids).Owner);
        Assert.Equal([0u, 1000], facts.Taken.Uids.ToArray());
        Write("", "");
        Assert.Null(Read().NewUidMap);
    }

    [Fact]
    public void A_caller_that_nobody_knows_has_no_name()
    {
        IdentityFacts facts = Read();
        Assert.Equal((null, null, "user 1000"), (facts.CallerName, facts.PrimaryGid, facts.Caller));
    }

    [Fact]
    public void The_maps_of_csruns_own_namespace_are_read_where_it_is_not_the_first()
    {
        IdentityFacts facts = Read(initial: false);
        Assert.Equal(File.ReadAllText("/proc/self/uid_map"), facts.Self!.Uid.ToProcFile());
        Assert.Equal(File.ReadAllText("/proc/self/gid_map"), facts.Self.Gid.ToProcFile());
    }
}
