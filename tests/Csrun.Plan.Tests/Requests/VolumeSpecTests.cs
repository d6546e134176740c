using Csrun.Linux;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Requests;

namespace Csrun.Plan.Tests.Requests;

public sealed class VolumeSpecTests
{
    [Theory]
    [InlineData("/a:/b", "/a", "/b", "rbind,rprivate")]
    [InlineData("/a:/b/", "/a", "/b", "rbind,rprivate")]
    [InlineData("/a://b/./c", "/a", "/b/c", "rbind,rprivate")]
    [InlineData(".:/b", ".", "/b", "rbind,rprivate")]
    [InlineData("..:/b", "..", "/b", "rbind,rprivate")]
    [InlineData("./d/e:/b", "./d/e", "/b", "rbind,rprivate")]
    [InlineData("/a b:/c d", "/a b", "/c d", "rbind,rprivate")]
    [InlineData("/a:/b:ro", "/a", "/b", "rbind,rprivate,ro,rro")]
    [InlineData("/a:/b:rw", "/a", "/b", "rbind,rprivate,rw")]
    [InlineData("/a:/b:bind,ro", "/a", "/b", "bind,rprivate,ro")]
    [InlineData("/a:/b:nosuid,nodev,noexec", "/a", "/b", "rbind,rprivate,nosuid,nodev,noexec")]
    [InlineData("/a:/b:suid,dev,exec", "/a", "/b", "rbind,rprivate,suid,dev,exec")]
    [InlineData("/a:/b:rshared", "/a", "/b", "rbind,rshared")]
    [InlineData("/a:/b:slave,ro", "/a", "/b", "rbind,slave,ro,rro")]
    [InlineData("/a:/b:ro,ro", "/a", "/b", "rbind,rprivate,ro,rro")]
    public void Reads(string text, string source, string destination, string options)
    {
        VolumeSpec volume = VolumeSpec.Parse(text);

        Assert.Equal((source, destination, options), (volume.Source, volume.Destination, string.Join(',', volume.Options)));
        Assert.Equal(options.Contains("ro,", StringComparison.Ordinal) || options.EndsWith("ro", StringComparison.Ordinal), volume.ReadOnly);
    }

    [Theory]
    [InlineData("/a", "anonymous volume")]
    [InlineData("a", "there is no colon")]
    [InlineData("", "there is no colon")]
    [InlineData(":/b", "the source is missing")]
    [InlineData("/a:", "the path in the container is missing")]
    [InlineData("/a:b", "is not absolute")]
    [InlineData("/a:./b", "is not absolute")]
    [InlineData("/a:/", "over the container's root")]
    [InlineData("/a://.//", "over the container's root")]
    [InlineData("/a:/b/../c", "contains \"..\"")]
    [InlineData("/a:/..", "contains \"..\"")]
    [InlineData("/a:/b:", "no options follow")]
    [InlineData("/a:/b:ro:x", "more than two colons")]
    [InlineData("/a:/b:ro,rw", "ro and rw contradict")]
    [InlineData("/a:/b:rshared,private", "rshared and private contradict")]
    [InlineData("/a:/b:bind,rbind", "bind and rbind contradict")]
    [InlineData("/a:/b:nosuid,suid", "nosuid and suid contradict")]
    [InlineData("/a:/b:z,Z", "z and Z contradict")]
    [InlineData("/a:/b:readonly", "no volume option")]
    [InlineData("/a:/b:nosiud", "close to it: nosuid")]
    [InlineData("/a:/b:ro,", "\"\" is no volume option")]
    [InlineData("/a:/b:RO", "close to it")]
    [InlineData("/a:/b:O", "later version")]
    [InlineData("/a:/b:cached", "no meaning")]
    [InlineData("data:/b", "named volumes come with a later version")]
    [InlineData("data/x:/b", "neither the name of a volume")]
    [InlineData("~/x:/b", "did not replace the ~")]
    [InlineData("/a:/b:U,idmap", "translated twice")]
    [InlineData("/a:/b:idmap=", "no part of an ID map")]
    [InlineData("/a:/b:idmap=uids=1-2", "no range")]
    [InlineData("/a:/b:idmap=uids=1-2-x", "count \"x\" is no decimal number")]
    [InlineData("/a:/b:idmap=uids=1-2-0", "no ID at all")]
    [InlineData("/a:/b:idmap=uids=0-4294967290-6", "goes past 4294967294")]
    [InlineData("/a:/b:idmap=uids=4294967296-0-1", "larger than 4294967294")]
    [InlineData("/a:/b:idmap=uids=0-0-1;uids=1-1-1", "given twice")]
    [InlineData("/a:/b:idmap=users=0-0-1", "no part of an ID map")]
    [InlineData("/a:/b:idmap=uids=@0-x-1", "container ID \"x\" is no decimal number")]
    [InlineData("/a:/b:idmapx", "no volume option")]
    public void Refuses(string text, string why)
    {
        CsrunException error = Assert.Throws<CsrunException>(() => VolumeSpec.Parse(text));

        Assert.StartsWith($"-v \"{text}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Why, StringComparison.Ordinal);
        Assert.Equal(125, error.ExitCode);
    }

    [Fact]
    public void The_advice_for_a_relative_source_works()
    {
        CsrunException error = Assert.Throws<CsrunException>(() => VolumeSpec.Parse("data/x:/b"));

        Assert.Contains("\"./data/x\"", error.Fix, StringComparison.Ordinal);
        Assert.Equal("/cwd/data/x", VolumeSpec.Parse("./data/x:/b").SourceFrom("/cwd"));
    }

    [Theory]
    [InlineData("/a", "/cwd", "/a")]
    [InlineData(".", "/cwd", "/cwd")]
    [InlineData("..", "/cwd", "/cwd/..")]
    [InlineData("./x", "/cwd", "/cwd/x")]
    [InlineData("../x", "/cwd", "/cwd/../x")]
    [InlineData("./x", "/", "/x")]
    public void A_relative_source_counts_from_the_callers_directory(string source, string cwd, string expected) =>
        Assert.Equal(expected, VolumeSpec.Parse($"{source}:/b").SourceFrom(cwd));

    [Fact]
    public void Ranges_with_an_at_count_in_the_container()
    {
        VolumeIdMap map = VolumeSpec.Parse("/a:/b:idmap=uids=@0-1000-1;gids=0-7-1").IdMap!;
        IdMap container = new(new IdMapping(0, 1001, 1), new IdMapping(1, 100000, 65536));

        Assert.Equal(new IdMap(new IdMapping(0, 100999, 1)), map.OnHost(new IdMapPair(container, container)).Uid);
        Assert.Equal(new IdMap(new IdMapping(0, 7, 1)), map.OnHost(new IdMapPair(container, container)).Gid);
        Assert.Equal(new IdMap(new IdMapping(0, 1000, 1)), map.OnHost(null).Uid);
        IdMap small = new(new IdMapping(0, 1001, 1));
        Assert.Contains("the container has no user 1000", Assert.Throws<CsrunException>(() => map.OnHost(new IdMapPair(small, small))).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Idmap_is_read_with_several_ranges()
    {
        VolumeIdMap map = VolumeSpec.Parse("/a:/b:ro,idmap=uids=0-1000-1#1-100000-10;gids=0-4294967293-1").IdMap!;

        Assert.Equal([new IdMapping(0, 1000, 1), new IdMapping(1, 100000, 10)], map.Uids.ToArray());
        Assert.Equal([new IdMapping(0, 4294967293, 1)], map.Gids.ToArray());
        Assert.False(map.IsContainerMap);
        Assert.True(VolumeSpec.Parse("/a:/b:idmap").IdMap!.IsContainerMap);
        Assert.Null(VolumeSpec.Parse("/a:/b").IdMap);
    }

    [Fact]
    public void Selinux_labels_are_noted_only_where_selinux_is()
    {
        VolumeSpec volume = VolumeSpec.Parse("/a:/b:Z");

        Assert.Null(volume.SelinuxNote(selinuxEnabled: false));
        Assert.Contains("chcon -Rt container_file_t \"/a\"", volume.SelinuxNote(selinuxEnabled: true), StringComparison.Ordinal);
        Assert.Null(VolumeSpec.Parse("/a:/b").SelinuxNote(selinuxEnabled: true));
    }
}
