using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Identity;

namespace Csrun.Plan.Tests.Identity;

public sealed class RootTests
{
    private static IdentityPlan Plan(string mode, IdentityFacts facts, uint imageUser = 0) =>
        IdentityPlanner.Plan(UsernsMode.Parse(mode), null, null, imageUser, imageUser, facts);

    [Fact]
    public void Host_has_no_user_namespace()
    {
        IdentityPlan plan = Plan("host", Callers.Root);
        Assert.Equal((false, MapWriter.None), (plan.NewUserNamespace, plan.Writer));
        Assert.Equal(IdMap.Identity, plan.Uid);
        Assert.Empty(plan.Notes);
    }

    [Theory]
    [InlineData("private")]
    [InlineData("nomap")]
    public void Private_is_roots_subordinate_ids(string mode)
    {
        IdentityPlan plan = Plan(mode, Callers.RichRoot);
        Assert.Equal(("0:1000000:65536", "0:2000000:65536"), (plan.Uid.ToString(), plan.Gid.ToString()));
        Assert.Equal((true, MapWriter.Direct, false), (plan.NewUserNamespace, plan.Writer, plan.DenySetgroups));
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void Without_a_line_root_gets_a_free_range_and_a_note()
    {
        IdentityPlan plan = Plan("private", Callers.Root);
        Assert.Equal("0:1879048192:65536", plan.Uid.ToString());
        Assert.Equal(plan.Uid, plan.Gid);
        Assert.Equal(
            """
            container IDs 0-65535 are host IDs 1879048192-1879113727, which nobody on this machine has; no file was changed
              why: root has no subordinate user and group IDs in /etc/subuid and /etc/subgid  [NOSUBID]
              fix: to keep them for root: sudo usermod --add-subuids 1879048192-1879113727 --add-subgids 1879048192-1879113727 root
            """, Assert.Single(plan.Notes));
    }

    [Fact]
    public void The_free_range_is_nobodys_aligned_and_always_the_same()
    {
        Random random = new(31);
        for (int round = 0; round < 300; round++)
        {
            SubIdEntry[] entries = [.. Enumerable.Range(0, 40).Select(i => new SubIdEntry($"u{i}", new IdRange((uint)random.NextInt64(1879048192 - 200000, 1879048192 + 2000000), (uint)random.Next(1, 100000))))];
            uint[] ids = [.. Enumerable.Range(0, 40).Select(_ => (uint)random.NextInt64(1879048192, 1879048192 + 3000000))];
            IdentityFacts facts = Callers.Root with { Taken = new TakenIds([.. entries[..20]], [.. entries[20..]], [.. ids[..20]], [.. ids[20..]]) };
            IdMapping m = Assert.Single(Plan("private", facts).Uid.Mappings);
            IdRange range = new(m.HostId, m.Size);
            Assert.Equal((0u, 65536u, 0u), (m.ContainerId, m.Size, m.HostId % 65536));
            Assert.True(range.Start >= 524288 && range.End <= 2147352576);
            Assert.DoesNotContain(entries, e => e.Range.Overlaps(range));
            Assert.DoesNotContain(ids, range.Contains);
            Assert.Equal(m, Plan("private", facts).Uid.Mappings[0]);
        }
    }

    [Fact]
    public void Where_everything_is_taken_root_is_told()
    {
        IdentityFacts facts = Callers.Root with { Taken = new TakenIds([new("ldap", new(100000, 4294867295))], [], [], []) };
        CsrunException e = Assert.Throws<CsrunException>(() => Plan("private", facts));
        Assert.Contains("--userns map=", e.Fix, StringComparison.Ordinal);
        // The lower part is searched when the upper one is full.
        facts = Callers.Root with { Taken = new TakenIds([new("ldap", new(600000000, 3694967295))], [new("x", new(524288, 65536))], [589824], []) };
        Assert.Equal(655360u, Plan("private", facts).Uid.Mappings[0].HostId);
    }

    [Fact]
    public void Only_the_kind_that_is_lacking_is_chosen()
    {
        IdentityPlan plan = Plan("private", Callers.Root with { SubIds = new SubIds(Callers.Range(1000000, 65536), []) });
        Assert.Equal(("0:1000000:65536", "0:1879048192:65536"), (plan.Uid.ToString(), plan.Gid.ToString()));
        Assert.DoesNotContain("--add-subuids", plan.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_id_keeps_root_and_says_what_that_means()
    {
        IdentityPlan plan = Plan("keep-id", Callers.RichRoot);
        Assert.Equal("0:0:1,1:1000000:65536", plan.Uid.ToString());
        Assert.Equal("0:0", plan.DefaultUser!.ToString());
        Assert.Contains("user 0 of the container is the host's user 0", Assert.Single(plan.Notes), StringComparison.Ordinal);
        Assert.Equal("0:1000000:7,7:0:1,8:1000007:65529", Plan("keep-id:uid=7", Callers.RichRoot).Uid.ToString());
    }

    [Fact]
    public void Auto_never_makes_an_images_user_the_hosts_root()
    {
        IdentityPlan plan = Plan("auto", Callers.RichRoot, 999);
        Assert.Null(plan.Uid.ToContainer(0));
        Assert.Equal("0:1000000:65536", plan.Uid.ToString());
        Assert.Contains("--userns auto", Assert.Single(plan.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Root_of_a_container_shares_the_ids_that_there_are()
    {
        IdMap self = IdMap.Parse("0:1000:1,1:100000:65536");
        IdentityFacts facts = Callers.Root with { Self = new IdMapPair(self, self) };
        IdentityPlan plan = Plan("private", facts);
        Assert.Equal("0:0:65537", plan.Uid.Normalize().ToString());
        Assert.Equal(MapWriter.Direct, plan.Writer);
        Assert.Single(plan.Notes);
        Assert.Empty(Plan("keep-id:uid=5", facts).Uid.Validate());
        // A large namespace has room for a range of its own.
        IdMap large = IdMap.Parse("0:1000000:2000000000");
        plan = Plan("private", facts with { Self = new IdMapPair(large, large) });
        Assert.Equal("0:1879048192:65536", plan.Uid.ToString());
    }
}
