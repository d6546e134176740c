using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Plan.Identity;

namespace Csrun.Plan.Tests.Identity;

public sealed class FitTests
{
    private static IdentityPlan Plan(IdentityFacts facts) => IdentityPlanner.Plan(null, null, null, 0, 0, facts);

    private static ResolvedUser User(uint uid, uint gid, params uint[] groups) => new(uid, gid, [.. groups], "/", null);

    [Fact]
    public void A_user_of_the_map_stays_as_it_is()
    {
        ResolvedUser user = User(1000, 1000, 1000, 27);
        Assert.Same(user, IdentityPlanner.Fit(Plan(Callers.Alice), user, Callers.Alice));
        Assert.Equal(65536u, IdentityPlanner.Fit(Plan(Callers.Alice), User(65536, 65536, 65536), Callers.Alice).Uid);
    }

    [Fact]
    public void Groups_are_dropped_where_they_cannot_be_set()
    {
        ResolvedUser user = IdentityPlanner.Fit(Plan(Callers.Poor), User(0, 0, 0, 1, 2), Callers.Poor);
        Assert.Empty(user.AdditionalGids);
    }

    [Fact]
    public void What_denies_setgroups_around_a_container_denies_it_inside()
    {
        IdentityFacts facts = Callers.Root with { SetgroupsDenied = true };
        IdentityPlan plan = Plan(facts);
        Assert.True(plan.DenySetgroups);
        Assert.Empty(IdentityPlanner.Fit(plan, User(0, 0, 1, 2), facts).AdditionalGids);
        Assert.False(Plan(Callers.Root).DenySetgroups);
    }

    [Fact]
    public void A_tool_that_is_missing_is_the_reason_where_there_are_subordinate_IDs()
    {
        IdentityFacts facts = Callers.Alice with { NewGidMap = new MapTool("newgidmap", null, MapToolState.Missing, null) };
        CsrunException e = Assert.Throws<CsrunException>(() => IdentityPlanner.Fit(Plan(facts), User(1000, 0), facts));
        Assert.Contains("newgidmap is not in PATH", e.Why, StringComparison.Ordinal);
        Assert.StartsWith("sudo apt install uidmap", e.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_that_is_not_mapped_is_told_why_and_what_helps()
    {
        CsrunException e = Assert.Throws<CsrunException>(() => IdentityPlanner.Fit(Plan(Callers.Poor), User(1000, 1000, 1000), Callers.Poor));
        Assert.Equal("user 1000 does not exist in the container", e.Message);
        Assert.Contains("[NOSUBID]", e.Why, StringComparison.Ordinal);
        Assert.Equal("sudo usermod --add-subuids 165536-231071 --add-subgids 165536-231071 alice", e.Fix);

        e = Assert.Throws<CsrunException>(() => IdentityPlanner.Fit(Plan(Callers.Alice), User(0, 65537), Callers.Alice));
        Assert.Equal("group 65537 does not exist in the container", e.Message);
        Assert.Contains("[SUBID_TOO_SMALL]", e.Why, StringComparison.Ordinal);
        Assert.StartsWith("sudo usermod --add-subgids", e.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("100000-165535", e.Fix, StringComparison.Ordinal); // which alice has already

        e = Assert.Throws<CsrunException>(() => IdentityPlanner.Fit(Plan(Callers.Alice), User(0, 0, 70000), Callers.Alice));
        Assert.Equal("additional group 70000 does not exist in the container", e.Message);

        IdentityPlan map = IdentityPlanner.Plan(UsernsMode.Parse("map=0:100000:10"), null, null, 0, 0, Callers.Alice);
        e = Assert.Throws<CsrunException>(() => IdentityPlanner.Fit(map, User(10, 0), Callers.Alice));
        Assert.Equal("the container's user ID map is 0:100000:10  [ID_NOT_MAPPED]", e.Why);
        Assert.Null(e.Fix);
    }
}
