using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Identity;

namespace Csrun.Plan.Tests.Identity;

public sealed class OrdinaryUserTests
{
    private static IdentityPlan Plan(string mode, IdentityFacts facts, uint imageUser = 0, uint imageGroup = 0) =>
        IdentityPlanner.Plan(UsernsMode.Parse(mode), null, null, imageUser, imageGroup, facts);

    [Fact]
    public void Private_is_the_caller_and_its_subordinate_ids()
    {
        IdentityPlan plan = IdentityPlanner.Plan(null, null, null, 0, 0, Callers.Alice);
        Assert.Equal("0:1000:1,1:100000:65536", plan.Uid.ToString());
        Assert.Equal(plan.Uid, plan.Gid);
        Assert.Equal((true, MapWriter.NewIdMapTools, false), (plan.NewUserNamespace, plan.Writer, plan.DenySetgroups));
        Assert.Empty(plan.Notes);
        Assert.Null(plan.DefaultUser);
        // The issue's own example: uid 35 of the container is subuid+34.
        Assert.Equal(100034u, plan.Uid.ToHost(35));
    }

    [Fact]
    public void Private_lays_several_ranges_out_one_after_the_other()
    {
        IdentityFacts facts = Callers.Alice with { SubIds = new SubIds([new(500000, 70000), new(200000, 10)], Callers.Range(100000, 65536)) };
        IdentityPlan plan = Plan("private", facts);
        Assert.Equal("0:1000:1,1:500000:70000,70001:200000:10", plan.Uid.ToString());
        Assert.Equal("0:1000:1,1:100000:65536", plan.Gid.ToString());
    }

    [Theory]
    // What podman 5.4 really has in host IDs (reference/rootless-podman.log through its own 0:1000:1,1:100000:65536).
    [InlineData("keep-id", "0:100000:1000,1000:1000:1,1001:101000:64536", "0:100000:1000,1000:1000:1,1001:101000:64536", "1000:1000")]
    [InlineData("keep-id:uid=200,gid=210", "0:100000:200,200:1000:1,201:100200:65336", "0:100000:210,210:1000:1,211:100210:65326", "200:210")]
    [InlineData("keep-id:uid=0,gid=0", "0:1000:1,1:100000:65536", "0:1000:1,1:100000:65536", "0:0")]
    [InlineData("keep-id:uid=65536", "0:100000:65536,65536:1000:1", "0:100000:1000,1000:1000:1,1001:101000:64536", "65536:1000")]
    [InlineData("keep-id:uid=172761424", "0:100000:65536,172761424:1000:1", "0:100000:1000,1000:1000:1,1001:101000:64536", "172761424:1000")]
    [InlineData("keep-id:uid=4294967294", "0:100000:65536,4294967294:1000:1", "0:100000:1000,1000:1000:1,1001:101000:64536", "4294967294:1000")]
    public void Keep_id_lays_the_subordinate_ids_around_the_caller(string mode, string uid, string gid, string user)
    {
        IdentityPlan plan = Plan(mode, Callers.Alice);
        Assert.Equal((uid, gid, user), (plan.Uid.ToString(), plan.Gid.ToString(), plan.DefaultUser!.ToString()));
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void The_reference_of_podman_composes_to_the_same_map()
    {
        IdMap podman = IdMap.Parse("0:1:1000,1000:0:1,1001:1001:64536").Compose(IdMap.Parse("0:1000:1,1:100000:65536"));
        Assert.Equal(podman, Plan("keep-id", Callers.Alice).Uid.Normalize());
    }

    [Fact]
    public void Keep_id_cuts_through_several_ranges()
    {
        IdentityFacts facts = Callers.Alice with { SubIds = new SubIds([new(100000, 500), new(200000, 500), new(300000, 70000)], Callers.Range(100000, 65536)) };
        Assert.Equal("0:100000:500,500:200000:500,1000:1000:1,1001:300000:70000", Plan("keep-id", facts).Uid.ToString());
        Assert.Equal("0:100000:500,500:200000:100,600:1000:1,601:200100:400,1001:300000:70000", Plan("keep-id:uid=600", facts).Uid.ToString());
    }

    [Fact]
    public void Auto_makes_the_images_user_the_caller_and_leaves_the_user_to_the_image()
    {
        IdentityPlan plan = Plan("auto", Callers.Alice, 999, 998);
        Assert.Equal((1000u, 1000u), (plan.Uid.ToHost(999), plan.Gid.ToHost(998)));
        Assert.Equal(100000u, plan.Uid.ToHost(0));
        Assert.Null(plan.DefaultUser);
        Assert.Equal(Plan("private", Callers.Alice).Uid, Plan("auto", Callers.Alice).Uid);
    }

    [Fact]
    public void Nomap_leaves_the_caller_out()
    {
        IdentityPlan plan = Plan("nomap", Callers.Alice);
        Assert.Equal("0:100000:65536", plan.Uid.ToString());
        Assert.Null(plan.Uid.ToContainer(1000));
        CsrunException e = Assert.Throws<CsrunException>(() => Plan("nomap", Callers.Poor));
        Assert.Contains("[NOSUBID]", e.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Host_is_private_and_says_why()
    {
        IdentityPlan plan = Plan("host", Callers.Alice);
        Assert.Equal(Plan("private", Callers.Alice).Maps, plan.Maps);
        Assert.True(plan.NewUserNamespace);
        Assert.Contains("alice is not root", Assert.Single(plan.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_subordinate_ids_there_is_one_id_said_plainly_with_the_command_that_helps()
    {
        IdentityPlan plan = Plan("private", Callers.Poor);
        Assert.Equal(("0:1000:1", "0:1000:1"), (plan.Uid.ToString(), plan.Gid.ToString()));
        Assert.Equal((MapWriter.SelfSingle, true), (plan.Writer, plan.DenySetgroups));
        Assert.Equal(
            """
            the container has one user and one group only: alice, as user 0 and group 0; nobody else's files can be had inside
              why: alice has no subordinate user and group IDs in /etc/subuid and /etc/subgid  [NOSUBID]
              fix: sudo usermod --add-subuids 165536-231071 --add-subgids 165536-231071 alice
            """, Assert.Single(plan.Notes));
        Assert.Equal("1000:1000:1", Plan("keep-id", Callers.Poor).Uid.ToString());
    }

    [Fact]
    public void Only_what_is_lacking_is_asked_for()
    {
        IdentityPlan plan = Plan("private", Callers.Alice with { SubIds = new SubIds(Callers.Range(100000, 65536), []) });
        Assert.Equal(MapWriter.SelfSingle, plan.Writer);
        Assert.Contains("no subordinate group IDs in /etc/subgid", plan.Notes[0], StringComparison.Ordinal);
        Assert.EndsWith("fix: sudo usermod --add-subgids 100000-165535 alice", plan.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_caller_without_a_name_gets_a_fix_that_works_without_one()
    {
        IdentityPlan plan = Plan("private", Callers.Poor with { CallerUid = 4242, CallerName = null, PrimaryGid = null });
        Assert.EndsWith("fix: echo 4242:165536:65536 | sudo tee -a /etc/subuid /etc/subgid", plan.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_could_not_be_asked_is_not_called_empty()
    {
        IdentityPlan plan = Plan("private", Callers.Poor with { SubIds = new SubIds([], [], "sss", "libsubid is not installed") });
        Assert.Contains("[SUBID_NSS_UNAVAILABLE]", plan.Notes[0], StringComparison.Ordinal);
        Assert.DoesNotContain("usermod", plan.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_tools_leave_one_id_and_say_what_to_install()
    {
        IdentityPlan plan = Plan("private", Callers.Alice with { NewGidMap = new MapTool("newgidmap", null, MapToolState.Missing, "x") });
        Assert.Equal(MapWriter.SelfSingle, plan.Writer);
        Assert.Contains("newgidmap is not in PATH  [HELPER_MISSING]", plan.Notes[0], StringComparison.Ordinal);
        Assert.Contains("apt install uidmap", plan.Notes[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MapToolState.NoPrivilege, "chmod u+s /usr/bin/newuidmap")]
    [InlineData(MapToolState.NosuidMount, "without nosuid")]
    [InlineData(MapToolState.NoNewPrivileges, "NoNewPrivileges=")]
    public void A_tool_without_privilege_ends_the_run_with_its_own_fix(MapToolState state, string fix)
    {
        CsrunException e = Assert.Throws<CsrunException>(() =>
            Plan("private", Callers.Alice with { NewUidMap = new MapTool("newuidmap", "/usr/bin/newuidmap", state, "it lacks something") }));
        Assert.Equal("/usr/bin/newuidmap: it lacks something  [HELPER_NOT_PRIVILEGED]", e.Why);
        Assert.Contains(fix, e.Fix, StringComparison.Ordinal);
        Assert.Equal(125, e.ExitCode);
    }

    [Fact]
    public void A_group_that_newgidmap_would_refuse_is_said_before_it_is_tried()
    {
        CsrunException e = Assert.Throws<CsrunException>(() => Plan("private", Callers.Alice with { CallerGid = 50 }));
        Assert.Contains("[CALLER_GROUP]", e.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 500, "contain 0, the host's root")]
    [InlineData(1000, 65536, "contain 1000, its own user ID")]
    public void Subordinate_ids_that_are_somebodys_are_refused(uint start, uint count, string message)
    {
        CsrunException e = Assert.Throws<CsrunException>(() =>
            Plan("private", Callers.Alice with { SubIds = new SubIds(Callers.Range(start, count), Callers.Range(100000, 65536)) }));
        Assert.EndsWith(message, e.Message, StringComparison.Ordinal);
        Assert.Contains("[SUBID_OVERLAP]", e.Why, StringComparison.Ordinal);
        Assert.Contains($"--del-subuids {start}-{start + count - 1} alice", e.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overlap_with_somebody_else_is_noted()
    {
        IdentityFacts facts = Callers.Alice with { Taken = new TakenIds([new("bob", new(165535, 65536))], [], [], []) };
        Assert.Contains("overlap 165535-231070 of bob", Assert.Single(Plan("private", facts).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Few_subordinate_ids_are_used_and_noted()
    {
        IdentityPlan plan = Plan("private", Callers.Alice with { SubIds = new SubIds(Callers.Range(100000, 1000), Callers.Range(100000, 65536)) });
        Assert.Equal("0:1000:1,1:100000:1000", plan.Uid.ToString());
        Assert.Contains("[SUBID_TOO_SMALL]", Assert.Single(plan.Notes), StringComparison.Ordinal);
        Assert.Contains("usermod --add-subuids", plan.Notes[0], StringComparison.Ordinal);
        Assert.DoesNotContain("--add-subgids", plan.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void More_ranges_than_the_kernel_takes_lines_still_make_a_valid_map()
    {
        IdRange[] ranges = [.. Enumerable.Range(0, 2000).Select(i => new IdRange(100000 + ((uint)i * 1000), 500))];
        IdentityFacts facts = Callers.Alice with { SubIds = new SubIds([.. ranges], [.. ranges]) };
        foreach (string mode in new[] { "private", "keep-id", "keep-id:uid=70000", "nomap" })
        {
            IdentityPlan plan = Plan(mode, facts);
            Assert.Empty(plan.Uid.Validate());
            Assert.InRange(plan.Uid.Mappings.Length, 100, IdMap.MaxExtents);
            Assert.Equal(mode != "nomap", plan.Uid.ContainsHost(1000));
        }
    }

    [Fact]
    public void Inside_a_container_only_the_ids_that_exist_there_are_used()
    {
        IdMap self = IdMap.Parse("0:500000:65536,100000:600000:1000");
        IdentityPlan plan = Plan("private", Callers.Alice with { Self = new IdMapPair(self, self) });
        Assert.Equal("0:1000:1,1:100000:1000", plan.Uid.ToString());
        IdMap less = IdMap.Parse("0:500000:65536");
        plan = Plan("private", Callers.Alice with { Self = new IdMapPair(less, less) });
        Assert.Equal(MapWriter.SelfSingle, plan.Writer);
        Assert.Contains("[SUBID_NOT_IN_NAMESPACE]", plan.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_plan_is_valid_and_maps_only_what_the_caller_owns()
    {
        Random random = new(21);
        for (int round = 0; round < 3000; round++)
        {
            IdRange[] ranges = new IdRange[random.Next(1, 5)];
            for (int i = 0; i < ranges.Length; i++)
            {
                ranges[i] = new IdRange((uint)random.Next(2000, 3000), (uint)random.Next(1, 200));
            }

            SubIds subIds = new(((System.Collections.Immutable.ImmutableArray<IdRange>)[.. ranges]).Distinct(), Callers.Range(100000, 65536));
            uint inside = (uint)random.Next(0, 1000);
            IdentityPlan plan = Plan($"keep-id:uid={inside}", Callers.Alice with { SubIds = subIds });
            Assert.Empty(plan.Uid.Validate());
            Assert.Equal(1000u, plan.Uid.ToHost(inside));
            Assert.Equal(subIds.Uids.Total() + 1, plan.Uid.Count);
            // The planner's own map passes its check of a map that was spelled out, so newuidmap takes it too.
            Assert.Equal(plan.Uid, IdentityPlanner.Plan(null, plan.Uid, plan.Gid, 0, 0, Callers.Alice with { SubIds = subIds }).Uid);
        }
    }
}
