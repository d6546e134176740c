using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.IdMaps;
using Csrun.Oci;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;

namespace Csrun.Plan.Tests.Planning;

/// <summary>How a volume gets its ID map: the cheapest way that gives the right owners, or a refusal.</summary>
public sealed class IdMapTierTests
{
    // The caller of LaunchRequests is 1000:1000.
    private static readonly LinuxIdMapping[] s_without = [new(0, 100000, 65536)];
    private static readonly LinuxIdMapping[] s_private = [new(0, 1000, 1), new(1, 100000, 65536)];
    private static readonly LinuxIdMapping[] s_keepId = [new(0, 100000, 1000), new(1000, 1000, 1), new(1001, 101000, 64535)];

    [Fact]
    public void A_caller_whom_the_container_does_not_have_shows_as_its_root_and_all_others_as_themselves()
    {
        IdMapPair wanted = IdMapTiers.Wanted(Spec(s_without), Volume(), 1000, 1000);
        Assert.Equal("1000:100000:1,100001:100001:65535", wanted.Uid.ToString());
        Assert.Equal(wanted.Uid, wanted.Gid);
    }

    [Fact]
    public void The_containers_root_may_lie_in_the_middle_of_its_ids()
    {
        IdMapPair wanted = IdMapTiers.Wanted(Spec([new(5, 200000, 10), new(0, 300005, 1), new(1, 300000, 4)]), Volume(), 1000, 1000);
        Assert.Equal("1000:300005:1,200000:200000:10,300000:300000:4", wanted.Uid.ToString());
        wanted = IdMapTiers.Wanted(Spec([new(10, 100000, 5), new(0, 100010, 3)]), Volume(), 1000, 1000);
        Assert.Equal("1000:100010:1,100000:100000:5,100011:100011:2", wanted.Uid.ToString());
    }

    [Fact]
    public void An_options_ranges_with_an_at_sign_count_in_the_container()
    {
        Mount mount = Volume() with { Options = ["rbind", "idmap=uids=@1000-0-1#5-6-1;gids=@1000-7-2"] };
        (IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids) = IdMapTiers.Ranges(Spec(s_without), mount);
        Assert.Equal([new(1000, 100000, 1), new(5, 6, 1)], uids);
        Assert.Equal([new(1000, 100007, 2)], gids);

        // A range that the container's map cuts is cut; without a user namespace of its own the container's IDs are the host's.
        Mount across = Volume() with { Options = ["idmap=uids=@10-0-3;gids=@10-0-3"] };
        Assert.Equal([new(10, 1000, 1), new(11, 100000, 2)], IdMapTiers.Ranges(Spec(s_private), across).Uids);
        Assert.Equal([new(10, 0, 3)], IdMapTiers.Ranges(new Spec(), across).Uids);
    }

    [Fact]
    public void An_at_sign_before_an_id_that_the_container_has_not_is_refused_with_it()
    {
        Mount mount = Volume() with { Options = ["idmap=uids=@1000-65536-1;gids=@1000-0-1"] };
        CsrunException refusal = Assert.Throws<CsrunException>(() => IdMapTiers.Ranges(Spec(s_without), mount));
        Assert.Contains("the container has no user 65536", refusal.Why, StringComparison.Ordinal);
        Assert.Contains(mount.Destination, refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, bool> Asked => new()
    {
        { "private", false }, { "keep-id", false }, { "without", true },
    };

    [Theory]
    [MemberData(nameof(Asked))]
    public void Where_the_user_namespace_gives_the_owners_nothing_is_mapped(string map, bool needed)
    {
        LinuxIdMapping[] container = map switch { "private" => s_private, "keep-id" => s_keepId, _ => s_without };
        Spec spec = LaunchRequests.Mounts(LaunchRequests.Default with { Spec = Spec(container) }, Volume()).Spec;
        Assert.Equal(needed, IdMapTiers.NeedMeans(spec, isPrivileged: false, 1000, 1000));
        Assert.False(IdMapTiers.NeedMeans(spec, isPrivileged: true, 1000, 1000));
        Assert.False(IdMapTiers.NeedMeans(Spec(container), isPrivileged: false, 1000, 1000));
        IdMapTier tier = IdMapTiers.Choose(spec, Volume(), LaunchRequests.Default.Facts with { Mapping = Means(Errno.None) });
        Assert.Equal(needed, tier is IdMapTier.ByBroker);
        Assert.Equal(!needed, tier is IdMapTier.NotNeeded);
    }

    [Fact]
    public void A_spelled_out_map_that_changes_nothing_needs_nobody_and_one_that_does_needs_the_broker()
    {
        LinuxIdMapping[] same = [new(1000, 1000, 1), new(100000, 100000, 65536)];
        Assert.IsType<IdMapTier.NotNeeded>(IdMapTiers.Choose(Spec(s_private), Volume(same), Facts(Errno.None)));
        LinuxIdMapping[] swapped = [new(1000, 100000, 1)];
        IdMapTier.ByBroker tier = Assert.IsType<IdMapTier.ByBroker>(IdMapTiers.Choose(Spec(s_private), Volume(swapped), Facts(Errno.None)));
        Assert.Equal("1000:100000:1", tier.Maps.Uid.ToString());
    }

    [Fact]
    public void Root_maps_the_mount_itself() =>
        Assert.IsType<IdMapTier.Itself>(IdMapTiers.Choose(Spec(s_without), Volume(), LaunchRequests.Root));

    [Fact]
    public void The_plan_says_who_makes_the_mount_and_with_which_map()
    {
        LaunchPlan plan = LaunchPlanner.Plan(Request(Errno.None));
        PassBarrierOp barrier = plan.Steps.OfType<CsrunStep>().Select(s => s.Op).OfType<PassBarrierOp>().Single(b => !b.Descriptors.IsEmpty);
        Assert.Equal("barrier: ID-mapped mounts made, with an ID-mapped mount of /srv/data, made by the broker at /run/b.sock: users 1000:100000:1,100001:100001:65535, groups 1000:100000:1,100001:100001:65535 (on disk, shown, how many)", barrier.Describe());
        Assert.DoesNotContain(plan.Steps.OfType<ChildStep>(), s => s.Op is OpenTreeOp { Path: "/srv/data" });
    }

    [Theory]
    [InlineData(Errno.ENOENT, "there is no broker (nothing at /run/b.sock)")]
    [InlineData(Errno.ECONNREFUSED, "does not run")]
    [InlineData(Errno.EACCES, "EACCES")]
    public void Without_a_broker_all_volumes_are_refused_at_once_with_the_reason(Errno broker, string why)
    {
        LaunchRequest request = LaunchRequests.Mounts(Request(broker), Volume() with { Destination = "/other" });
        CsrunException refusal = Assert.Throws<CsrunException>(() => LaunchPlanner.Plan(request));
        Assert.Equal(125, refusal.ExitCode);
        Assert.Contains("\"/data\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("\"/other\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(why, refusal.Why, StringComparison.Ordinal);
        Assert.Contains("--userns keep-id", refusal.Fix, StringComparison.Ordinal);
        Assert.Contains("csrun broker install", refusal.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Bindfs_serves_a_directory_where_there_is_no_broker_and_only_the_callers_files_are_mapped()
    {
        HostFacts facts = Facts(Errno.ENOENT);
        facts = facts with { Mapping = facts.Mapping! with { Bindfs = "/usr/bin/bindfs" }, Paths = new Dictionary<string, PathKind> { ["/srv/data"] = PathKind.Directory } };
        Spec spec = Spec(s_without);
        Assert.Equal(new IdMapTier.ByBindfs(0, 0), IdMapTiers.Choose(spec, Volume(), facts));
        Assert.Equal(new IdMapTier.ByBindfs(7, 7), IdMapTiers.Choose(spec, Volume([new(1000, 100007, 1)]), facts));
        Assert.IsType<IdMapTier.Refused>(IdMapTiers.Choose(spec, Volume([new(1000, 100007, 2)]), facts));
        Assert.IsType<IdMapTier.Refused>(IdMapTiers.Choose(spec, Volume([new(100000, 100007, 1)]), facts));
        Assert.IsType<IdMapTier.Refused>(IdMapTiers.Choose(Spec(s_private), Volume([new(1000, 100000, 1)]), facts));
        Assert.IsType<IdMapTier.Refused>(IdMapTiers.Choose(spec, Volume() with { Source = "/srv/file" }, facts));
        Assert.IsType<IdMapTier.Refused>(IdMapTiers.Choose(spec, Volume(), facts with { Mapping = facts.Mapping with { Fuse = Errno.EACCES } }));
        Assert.IsType<IdMapTier.ByBroker>(IdMapTiers.Choose(spec, Volume(), facts with { Mapping = facts.Mapping with { Broker = Errno.None } }));
        Assert.Contains("/dev/fuse: EACCES", IdMapTiers.Refusal([Volume()], facts with { Mapping = facts.Mapping with { Fuse = Errno.EACCES } }).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tmpfs_is_mapped_by_the_container_itself_with_ids_of_the_container()
    {
        Mount memory = new() { Destination = "/memory", Type = "tmpfs", Source = "tmpfs", Options = ["idmap"], UidMappings = [new(0, 100035, 1), new(35, 100000, 1)], GidMappings = [new(0, 100000, 10)] };
        LaunchPlan plan = LaunchPlanner.Plan(LaunchRequests.Mounts(LaunchRequests.Default with { Spec = Spec(s_without) }, memory));
        PassBarrierOp barrier = plan.Steps.OfType<CsrunStep>().Select(s => s.Op).OfType<PassBarrierOp>().Single(b => !b.Descriptors.IsEmpty);
        Assert.Equal("barrier: ID-mapped mounts made, with a user namespace with users 0:35:1,35:0:1, groups 0:0:10", barrier.Describe());
        Assert.Single(plan.Steps.OfType<ChildStep>(), s => s.Op is MountSetattrOp { IdMap: not null });
        CsrunException refusal = Assert.Throws<CsrunException>(() => LaunchPlanner.Plan(LaunchRequests.Mounts(LaunchRequests.Default with { Spec = Spec(s_without) }, memory with { UidMappings = [new(0, 1000, 1)] })));
        Assert.Contains("/memory", refusal.Message, StringComparison.Ordinal);
    }

    private static LaunchRequest Request(Errno broker) =>
        LaunchRequests.Mounts(LaunchRequests.Default with { Spec = Spec(s_without), Facts = Facts(broker) }, Volume());

    private static HostFacts Facts(Errno broker) => LaunchRequests.Default.Facts with { Mapping = Means(broker) };

    private static MappingMeans Means(Errno broker) => new() { BrokerSocket = "/run/b.sock", Broker = broker };

    private static Spec Spec(LinuxIdMapping[] map) => LaunchRequests.Linux(LaunchRequests.Default, l => l with { UidMappings = map, GidMappings = map }).Spec;

    private static Mount Volume(LinuxIdMapping[]? map = null) =>
        new() { Destination = "/data", Type = "bind", Source = "/srv/data", Options = ["rbind", "idmap"], UidMappings = map ?? [], GidMappings = map ?? [] };
}
