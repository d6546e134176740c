using Csrun.Linux.Abi;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Tests.IdMaps;

/// <summary>IDs through a mount and a user namespace, as the kernel translates them.</summary>
public sealed class IdWayTests
{
    private static readonly IdMapPair s_shift = Pair(new IdMapping(0, 100000, 65536));

    [Fact]
    public void The_articles_figure_translates_twice_in_opposite_directions()
    {
        MountIds mount = new(s_shift);
        IdWay shadow = IdWay.Follow(isGroup: true, IdPlace.Disk, 42, mount, s_shift);
        Assert.Equal((42u, 100042u, 100042u, 42u), (shadow.Disk!.Value, shadow.Mount!.Value, shadow.Host!.Value, shadow.Container!.Value));
        Assert.True(shadow.CanCreate);
        Assert.Equal(shadow with { From = IdPlace.Container }, IdWay.Follow(isGroup: true, IdPlace.Container, 42, mount, s_shift));
        Assert.Equal(shadow with { From = IdPlace.Host, Id = 100042 }, IdWay.Follow(isGroup: true, IdPlace.Host, 100042, mount, s_shift));
    }

    [Fact]
    public void Without_a_place_in_the_mount_nothing_can_be_made()
    {
        MountIds mount = new(Pair(new IdMapping(1, 1, 65535)));
        IdWay root = IdWay.Follow(isGroup: false, IdPlace.Host, 0, mount, Pair(new IdMapping(0, 0, uint.MaxValue)));
        Assert.Null(root.Disk);
        Assert.False(root.CanCreate);
        Assert.Equal(Errno.EOVERFLOW, mount.Create(VfsUid.Of(new HostUid(0)), VfsGid.Of(new HostGid(5))));
        Assert.Equal(Errno.EOVERFLOW, mount.Create(VfsUid.Of(new HostUid(5)), VfsGid.Of(new HostGid(0))));
        Assert.Equal(Errno.None, mount.Create(VfsUid.Of(new HostUid(5)), VfsGid.Of(new HostGid(5))));
        Assert.Null(mount.ToVfs(new OnDiskUid(0)));
        Assert.Null(mount.ToVfs(new OnDiskGid(0)));
    }

    [Fact]
    public void A_file_system_of_a_user_namespace_counts_its_ids_there()
    {
        // tmpfs of a user namespace 0:1001:1, 1:100000:65536; its ID 5 on disk is the host's 100004.
        IdMapPair own = Pair(new IdMapping(0, 1001, 1), new IdMapping(1, 100000, 65536));
        Assert.Equal(new VfsUid(100004), new MountIds(null, own).ToVfs(new OnDiskUid(5)));
        Assert.Equal(new OnDiskUid(5), new MountIds(null, own).ToDisk(new VfsUid(100004)));
        Assert.Null(new MountIds(null, own).ToDisk(new VfsUid(7)));

        // Mapped, the mount's map takes the number on disk; what the namespace has no ID for has no place.
        MountIds mapped = new(Pair(new IdMapping(5, 200000, 1), new IdMapping(100000, 300000, 1)), own);
        Assert.Equal(new VfsUid(200000), mapped.ToVfs(new OnDiskUid(5)));
        Assert.Equal(new OnDiskUid(5), mapped.ToDisk(new VfsUid(200000)));
        Assert.Null(mapped.ToVfs(new OnDiskUid(100000)));
        Assert.Null(mapped.ToDisk(new VfsUid(300000)));
    }

    [Fact]
    public void Through_any_two_maps_the_way_back_is_the_way_there()
    {
        Random random = new(11);
        for (int round = 0; round < 1000; round++)
        {
            MountIds mount = new(new IdMapPair(RandomMaps.Valid(random), RandomMaps.Valid(random)));
            IdMapPair container = new(RandomMaps.Valid(random), RandomMaps.Valid(random));
            for (uint id = 0; id < RandomMaps.Space; id++)
            {
                foreach (bool group in (bool[])[false, true])
                {
                    IdWay up = IdWay.Follow(group, IdPlace.Disk, id, mount, container);
                    if (up.Container is uint inside)
                    {
                        IdWay down = IdWay.Follow(group, IdPlace.Container, inside, mount, container);
                        Assert.Equal(id, down.Disk);
                        Assert.Equal(up.Host, down.Host);
                    }

                    // One map after the other, by composition.
                    IdMap through = (group ? mount.Map!.Gid : mount.Map!.Uid).Compose((group ? container.Gid : container.Uid).Invert());
                    Assert.Equal(through.ToHost(id), up.Container);
                }
            }
        }
    }

    private static IdMapPair Pair(params IdMapping[] mappings) => new(new IdMap([.. mappings]), new IdMap([.. mappings]));
}
