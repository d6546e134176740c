using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Identity;

namespace Csrun.Plan.Tests.Identity;

public sealed class ExplicitMapTests
{
    private static IdentityPlan Plan(string? uid, string? gid, IdentityFacts facts, UsernsMode? mode = null) => IdentityPlanner.Plan(
        mode, uid is null ? null : IdMap.Parse(uid, "--uidmap"), gid is null ? null : IdMap.Parse(gid, "--gidmap"), 0, 0, facts);

    private static CsrunException Refused(string? uid, string? gid, IdentityFacts facts, UsernsMode? mode = null) =>
        Assert.Throws<CsrunException>(() => Plan(uid, gid, facts, mode));

    [Fact]
    public void A_map_of_ones_own_ids_is_taken_as_it_is()
    {
        IdentityPlan plan = Plan("5:1000:1,0:100000:5", "0:100000:65536", Callers.Alice);
        Assert.Equal(("5:1000:1,0:100000:5", "0:100000:65536"), (plan.Uid.ToString(), plan.Gid.ToString()));
        Assert.Equal((MapWriter.NewIdMapTools, false), (plan.Writer, plan.DenySetgroups));
    }

    [Theory]
    [InlineData("0:100000:65536", null)]
    [InlineData(null, "0:100000:65536")]
    public void One_map_holds_for_users_and_groups(string? uid, string? gid)
    {
        IdentityPlan plan = Plan(uid, gid, Callers.Alice);
        Assert.Equal(("0:100000:65536", "0:100000:65536"), (plan.Uid.ToString(), plan.Gid.ToString()));
    }

    [Fact]
    public void Ones_own_id_alone_needs_no_tool()
    {
        IdentityPlan plan = Plan("0:1000:1", "7:1000:1", Callers.Poor);
        Assert.Equal((MapWriter.SelfSingle, true), (plan.Writer, plan.DenySetgroups));
        // Own group alone by the tools: newgidmap denies setgroups itself.
        plan = Plan("0:1000:1,1:100000:65536", "0:1000:1", Callers.Alice);
        Assert.Equal((MapWriter.NewIdMapTools, true), (plan.Writer, plan.DenySetgroups));
    }

    [Theory]
    [InlineData("0:200000:65536", 200000)]
    [InlineData("0:99999:2", 99999)]
    [InlineData("0:165535:2", 165536)]
    [InlineData("0:0:1", 0)]
    [InlineData("0:1001:1", 1001)]
    [InlineData("0:100000:10,50:4294967294:1", 4294967294)]
    public void The_first_id_that_is_not_the_callers_is_named(string uid, uint foreign)
    {
        CsrunException e = Refused(uid, "0:100000:65536", Callers.Alice);
        Assert.StartsWith("--uidmap", e.Message, StringComparison.Ordinal);
        Assert.EndsWith($"host user ID {foreign} is not alice's to map", e.Message, StringComparison.Ordinal);
        Assert.Equal("alice may map 1000 (its own, in an entry of size 1) and 100000-165535 (/etc/subuid)  [ID_NOT_OWNED]", e.Why);
        Assert.Equal("for instance --uidmap 0:1000:1,1:100000:65536 --gidmap 0:1000:1,1:100000:65536", e.Fix);
    }

    [Fact]
    public void Ones_own_id_in_a_longer_entry_is_explained()
    {
        IdentityFacts facts = Callers.Alice with { SubIds = new SubIds(Callers.Range(1001, 65536), Callers.Range(100000, 65536)) };
        CsrunException e = Refused("0:1000:2", "0:100000:1", facts);
        Assert.Contains("want an entry of size 1", e.Why, StringComparison.Ordinal);
        Assert.Equal("0:1000:1,1:1001:1", Plan("0:1000:1,1:1001:1", "0:100000:1", facts).Uid.ToString());
    }

    [Fact]
    public void A_map_that_was_copied_for_groups_says_so()
    {
        CsrunException e = Refused("0:1000:1", null, Callers.Poor with { CallerGid = 100, PrimaryGid = 100 });
        Assert.Equal("--uidmap 0:1000:1: host group ID 1000 is not alice's to map", e.Message);
        Assert.Contains("--gidmap was not given, so that --uidmap holds for groups too", e.Why, StringComparison.Ordinal);
        Assert.Contains("--add-subgids", e.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Subordinate_ranges_that_adjoin_may_be_crossed()
    {
        IdentityFacts facts = Callers.Alice with { SubIds = new SubIds([new(165536, 10), new(100000, 65536)], Callers.Range(100000, 65536)) };
        Assert.Equal("0:165000:546", Plan("0:165000:546", "0:100000:1", facts).Uid.ToString());
    }

    [Fact]
    public void A_map_that_the_kernel_would_refuse_is_refused_with_reasons_for_root_too()
    {
        CsrunException e = Refused("0:1:2,1:5:1", null, Callers.Root);
        Assert.Equal("--uidmap 0:1:2,1:5:1: not a valid map", e.Message);
        Assert.Contains("overlaps entry 1", e.Why, StringComparison.Ordinal);
        e = Refused("0:1:1", "0:1:0", Callers.Root);
        Assert.StartsWith("--gidmap", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Root_maps_what_it_likes()
    {
        IdentityPlan plan = Plan("0:100000:65536", "0:200000:65536", Callers.Root);
        Assert.Equal((MapWriter.Direct, false), (plan.Writer, plan.DenySetgroups));
        Assert.Empty(plan.Notes);
        plan = IdentityPlanner.Plan(UsernsMode.Parse("map=0:100000:65536"), null, null, 0, 0, Callers.Root);
        Assert.Equal(("0:100000:65536", "0:100000:65536"), (plan.Uid.ToString(), plan.Gid.ToString()));
    }

    [Fact]
    public void Inside_a_container_ids_that_do_not_exist_are_named()
    {
        IdMap self = IdMap.Parse("0:1000:1,1:100000:65536");
        CsrunException e = Refused("0:60000:10000", null, Callers.Root with { Self = new IdMapPair(self, self) });
        Assert.Contains("host ID 65537 does not exist here", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_and_a_map_contradict_each_other()
    {
        Refused("0:100000:1", null, Callers.Alice, UsernsMode.Parse("keep-id"));
        Refused(null, "0:100000:1", Callers.Alice, UsernsMode.Parse("map=0:1000:1"));
        Assert.NotNull(Plan("0:100000:1", null, Callers.Alice, UsernsMode.Private));
    }

    [Theory]
    [InlineData("container:web")]
    [InlineData("ns:/proc/1/ns/user")]
    public void A_namespace_is_joined_when_its_maps_are_known(string mode)
    {
        Assert.Contains(mode, Assert.Throws<CsrunException>(() =>
            IdentityPlanner.Plan(UsernsMode.Parse(mode), null, null, 0, 0, Callers.Alice)).Message, StringComparison.Ordinal);
        IdMapPair joined = new(IdMap.Parse("0:1000:1"), IdMap.Parse("0:100:1"));
        IdentityPlan plan = IdentityPlanner.Plan(UsernsMode.Parse(mode), null, null, 0, 0, Callers.Alice with { Joined = joined });
        Assert.Equal((false, MapWriter.None, joined), (plan.NewUserNamespace, plan.Writer, plan.Maps));
    }
}
