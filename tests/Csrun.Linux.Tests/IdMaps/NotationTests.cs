using Csrun.Linux.IdMaps;
using Csrun.Linux.IdMaps.Notations;

namespace Csrun.Linux.Tests.IdMaps;

/// <summary>The ways in which other programs write ID maps.</summary>
public sealed class NotationTests
{
    private static readonly IdMapPair s_unchanged = new(IdMap.Identity, IdMap.Identity);

    [Fact]
    public void Mount_idmappeds_b_is_for_users_and_groups()
    {
        IdMapPair maps = MountMapNotation.Parse(["b:0:100000:65536"], s_unchanged);
        Assert.Equal(new IdMap(new IdMapping(0, 100000, 65536)), maps.Uid);
        Assert.Equal(maps.Uid, maps.Gid);
        Assert.Equal("b:0:100000:65536", MountMapNotation.Write(maps));
    }

    [Fact]
    public void U_and_g_make_a_map_each_and_who_is_not_named_stays()
    {
        IdMapPair maps = MountMapNotation.Parse(["u:0:1000:1", "u:1:100000:10"], s_unchanged);
        Assert.Equal(new IdMap(new IdMapping(0, 1000, 1), new IdMapping(1, 100000, 10)), maps.Uid);
        Assert.Equal(IdMap.Identity, maps.Gid);
        Assert.Equal("u:0:1000:1 u:1:100000:10 g:0:0:4294967295", MountMapNotation.Write(maps));
        Assert.Equal(IdMap.Identity, MountMapNotation.Parse(["g:0:1:1"], s_unchanged).Uid);
    }

    [Fact]
    public void Mount_8s_form_without_a_type_is_b() =>
        Assert.Equal(MountMapNotation.Parse(["b:0:5:1", "b:1:7:1"], s_unchanged), MountMapNotation.Parse(["0:5:1 1:7:1"], s_unchanged));

    [Theory]
    [InlineData("x:0:1:1", "\"x:0:1:1\" starts with \"x\"")]
    [InlineData("b:0:1", "is not of the form")]
    [InlineData("b:0:1:1:1", "is not of the form")]
    [InlineData("b:0:1:0", "the count is 0")]
    [InlineData("b:0::1", "shown ID \"\" is missing")]
    [InlineData("b:-1:1:1", "on-disk ID \"-1\" is no decimal number")]
    [InlineData("b:0:4294967295:1", "shown ID \"4294967295\" is larger than 4294967294")]
    [InlineData("b:0:4294967290:6", "goes past 4294967294")]
    [InlineData("b:99999999999999999999:0:1", "is larger than")]
    [InlineData("", "the map is empty")]
    [InlineData("b:0:10:5 b:4:100:1", "user IDs: entry 2 (4:100:1) overlaps entry 1 (0:10:5) at on-disk ID 4")]
    [InlineData("u:0:10:5 u:9:14:1", "user IDs: entry 2 (9:14:1) overlaps entry 1 (0:10:5) at shown ID 14")]
    public void A_wrong_mount_map_is_named(string text, string expected)
    {
        CsrunException e = Assert.Throws<CsrunException>(() => MountMapNotation.Parse([text], s_unchanged));
        Assert.Contains(expected, e.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_of_a_mount_map_are_named_at_once()
    {
        CsrunException e = Assert.Throws<CsrunException>(() => MountMapNotation.Parse(["x:0:1:1", "b:a:b:0"], s_unchanged));
        Assert.Equal(3, e.Why!.Split('\n').Length);
    }

    [Fact]
    public void Ranges_of_a_volume_count_on_the_host_or_in_the_container()
    {
        List<string> mistakes = [];
        VolumeMapNotation map = VolumeMapNotation.Parse("uids=0-1000-1#@1-3-10;gids=@0-0-2", mistakes);
        Assert.Empty(mistakes);
        Assert.True(map.IsRelative);

        // crun(1)'s example: container 0 is host 0, container 1.. are host 2..; @1-3-10 is 1-4-10.
        IdMap container = new(new IdMapping(0, 0, 1), new IdMapping(1, 2, 1000));
        IdMapPair maps = map.Resolve(new IdMapPair(container, container), mistakes);
        Assert.Empty(mistakes);
        Assert.Equal(new IdMap(new IdMapping(0, 1000, 1), new IdMapping(1, 4, 10)), maps.Uid);
        // A range across two lines of the container's map is cut in two.
        Assert.Equal(new IdMap(new IdMapping(0, 0, 1), new IdMapping(1, 2, 1)), maps.Gid);
    }

    [Fact]
    public void A_relative_range_that_the_container_has_not_is_named()
    {
        List<string> mistakes = [];
        VolumeMapNotation.Parse("uids=@0-5-10;gids=0-0-1", mistakes).Resolve(new IdMapPair(new IdMap(new IdMapping(0, 100, 8)), IdMap.Identity), mistakes);
        Assert.Contains("the container has no user 8", Assert.Single(mistakes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uids=1-2", "is no range")]
    [InlineData("uids=", "no part of an ID map")]
    [InlineData("uids=0-0-1;uids=1-1-1", "given twice")]
    [InlineData("users=0-0-1", "no part of an ID map")]
    [InlineData("uids=@0-x-1", "container ID \"x\" is no decimal number")]
    public void A_wrong_volume_map_is_named(string text, string expected)
    {
        List<string> mistakes = [];
        VolumeMapNotation.Parse(text, mistakes);
        Assert.Contains(mistakes, m => m.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Lxcs_lines_have_blanks()
    {
        List<string> mistakes = [];
        Assert.True(LxcMapNotation.TryParse("u  0\t100000 65536", mistakes, out bool users, out bool groups, out IdMapping mapping));
        Assert.Equal((true, false, new IdMapping(0, 100000, 65536)), (users, groups, mapping));
        Assert.False(LxcMapNotation.TryParse("u 0 100000", mistakes, out _, out _, out _));
        Assert.False(LxcMapNotation.TryParse("q 0 100000 1", mistakes, out _, out _, out _));
        Assert.False(LxcMapNotation.TryParse("g 0 -1 1", mistakes, out _, out _, out _));
        Assert.Equal(3, mistakes.Count);
    }
}
