using System.Collections.Immutable;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Broker;

namespace Csrun.Plan.Tests.Broker;

/// <summary>What the broker grants: the caller's own IDs on both sides, and nothing else.</summary>
public sealed class BrokerPolicyTests
{
    private static readonly BrokerCaller s_alice = new(1001, 1002, "alice", 1002, new SubIds([new IdRange(100000, 65536)], [new IdRange(200000, 65536)]));

    private static readonly ImmutableArray<IdMapping> s_uids = [new(1001, 100000, 1), new(100001, 100001, 65535)];
    private static readonly ImmutableArray<IdMapping> s_gids = [new(1002, 200000, 1), new(200001, 200001, 65535)];

    [Fact]
    public void Own_ids_on_both_sides_are_granted() => Assert.Null(Judge(s_uids, s_gids));

    [Fact]
    public void The_same_map_is_nobody_elses() =>
        Assert.Equal(BrokerCode.NotYourId, BrokerPolicy.Judge(s_alice with { Uid = 1005, Name = "bob" }, new(BrokerOperation.MapMount, s_uids, s_gids))!.Code);

    [Theory]
    [InlineData("0:100000:1", "user 0 on disk")]
    [InlineData("1001:0:1", "user 0 of the host")]
    [InlineData("0:100000:2", "user 0 on disk")]
    [InlineData("1000:100000:1", "user 1000 on disk")]
    [InlineData("1001:100000:2", "user 1002 on disk")]
    [InlineData("1001:99999:1", "user 99999, which the mount would show")]
    [InlineData("100000:165535:2", "user 165536, which the mount would show")]
    [InlineData("165535:100000:2", "user 165536 on disk")]
    public void Ids_of_others_and_root_are_refused_on_either_side(string map, string why)
    {
        BrokerRefusal refusal = Judge(IdMap.Parse(map).Mappings, s_gids)!;
        Assert.Equal(BrokerCode.NotYourId, refusal.Code);
        Assert.Contains(why, refusal.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("200000:1001:1")] // the user's ID is no group of alice's
    [InlineData("1001:200000:1")]
    [InlineData("0:200000:1")]
    [InlineData("200000:0:1")]
    public void Groups_are_judged_as_groups(string map) => Assert.Equal(BrokerCode.NotYourId, Judge(s_uids, IdMap.Parse(map).Mappings)!.Code);

    [Theory]
    [InlineData("1001:100000:0")]
    [InlineData("100000:100000:4294967295")]
    [InlineData("1001:100000:1,1001:100001:1")]
    [InlineData("1001:100000:1,100005:100000:1")]
    [InlineData("")]
    public void Maps_that_the_kernel_would_not_take_are_refused(string map)
    {
        ImmutableArray<IdMapping> mappings = map.Length == 0 ? [] : IdMap.Parse(map).Mappings;
        Assert.Equal(BrokerCode.BadMap, Judge(mappings, s_gids)!.Code);
        Assert.Equal(BrokerCode.BadMap, Judge(s_uids, mappings)!.Code);
    }

    [Fact]
    public void Root_is_told_to_do_it_itself() => Assert.Equal(BrokerCode.NotForYou, BrokerPolicy.Judge(s_alice with { Uid = 0 })!.Code);

    [Fact]
    public void A_user_without_a_name_gets_nothing() => Assert.Equal(BrokerCode.NotForYou, BrokerPolicy.Judge(s_alice with { Name = null })!.Code);

    [Fact]
    public void Who_runs_as_another_group_gets_nothing() =>
        Assert.Contains("group 27", BrokerPolicy.Judge(s_alice with { Gid = 27 })!.Why, StringComparison.Ordinal);

    [Fact]
    public void Without_subordinate_groups_a_map_could_drop_a_group_that_denies_access_so_nothing_is_granted()
    {
        Assert.Equal(BrokerCode.NotForYou, BrokerPolicy.Judge(s_alice with { SubIds = s_alice.SubIds with { Gids = [] } })!.Code);
        Assert.Equal(BrokerCode.NotForYou, BrokerPolicy.Judge(s_alice with { SubIds = SubIds.None })!.Code);
    }

    [Fact]
    public void Whatever_is_granted_has_only_own_ids()
    {
        Random random = new(20261125);
        int granted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            ImmutableArray<IdMapping> map = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new IdMapping(Id(random), Id(random), (uint)random.Next(0, 3)))];
            if (Judge(map, s_gids) is null)
            {
                granted++;
                Assert.All(map, line => Assert.All(Enumerable.Range(0, (int)line.Size), n => Assert.True(Own(line.ContainerId + (uint)n) && Own(line.HostId + (uint)n))));
            }
        }

        Assert.InRange(granted, 500, 19_500);
    }

    private static uint Id(Random random) => (random.Next(0, 9)) switch
    {
        0 => 0,
        1 => (uint)random.Next(999, 1004),
        2 => (uint)random.Next(99998, 100002),
        3 => (uint)random.Next(165533, 165538),
        4 => uint.MaxValue - (uint)random.Next(0, 3),
        _ => (uint)random.Next(100000, 165000),
    };

    private static bool Own(uint id) => id is 1001 or (>= 100000 and <= 165535);

    private static BrokerRefusal? Judge(ImmutableArray<IdMapping> uids, ImmutableArray<IdMapping> gids) => BrokerPolicy.Judge(s_alice, new BrokerRequest(BrokerOperation.MapMount, uids, gids));
}
