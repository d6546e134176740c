using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Tests.IdMaps;

public sealed class IdMapTests
{
    [Fact]
    public void The_rootless_map_translates_as_the_contract_says()
    {
        IdMap map = IdMap.Parse("0:1000:1,1:100000:65536");
        Assert.Equal(1000u, map.ToHost(0));
        Assert.Equal(100034u, map.ToHost(35));
        Assert.Equal(165535u, map.ToHost(65536));
        Assert.Null(map.ToHost(65537));
        Assert.Equal(0u, map.ToContainer(1000));
        Assert.Null(map.ToContainer(0));
        Assert.Null(map.ToContainer(1001));
        Assert.Equal(65537ul, map.Count);
    }

    [Fact]
    public void The_proc_form_is_the_kernels_own()
    {
        Assert.Equal("         0       1000          1\n         1     100000      65536\n", IdMap.Parse("0:1000:1,1:100000:65536").ToProcFile());
        Assert.Equal("0 1000 1\n1 100000 65536\n", IdMap.Parse("0:1000:1,1:100000:65536").ToWriteText());
    }

    [Fact]
    public void This_process_own_map_is_read_and_written_back_byte_for_byte()
    {
        string text = File.ReadAllText("/proc/self/uid_map");
        IdMap map = IdMap.ParseProcFile(text);
        Assert.NotEmpty(map.Mappings);
        Assert.Equal(text, map.ToProcFile());
    }

    [Fact]
    public void The_last_id_is_4294967294()
    {
        Assert.Equal(4294967294u, IdMap.Identity.ToHost(4294967294));
        Assert.Null(IdMap.Identity.ToHost(4294967295));
        Assert.Empty(IdMap.Identity.Validate());
        Assert.Empty(IdMap.Parse("4294967294:4294967294:1").Validate());
        Assert.Equal(2, IdMap.Parse("4294967294:4294967294:2").Validate().Count);
        Assert.Equal(2, IdMap.Parse("1:1:4294967295").Validate().Count);
    }

    [Fact]
    public void A_host_id_that_the_reader_cannot_see_is_none()
    {
        IdMap map = IdMap.ParseProcFile("         0 4294967295          1\n");
        Assert.Null(map.ToHost(0));
        Assert.Null(map.ToContainer(4294967295));
        Assert.NotEmpty(map.Validate());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0:1000")]
    [InlineData("0:1000:1:2")]
    [InlineData("0:1000:1,")]
    [InlineData(",0:1000:1")]
    [InlineData("0:1000:1 1:2:3")]
    [InlineData("0::1")]
    [InlineData("-1:0:1")]
    [InlineData("+1:0:1")]
    [InlineData("0x0:0:1")]
    [InlineData(" 0:0:1")]
    [InlineData("0:0:1\n")]
    [InlineData("٣:0:1")]
    [InlineData("4294967295:0:1")]
    [InlineData("0:4294967295:1")]
    [InlineData("4294967296:0:1")]
    [InlineData("0:0:4294967296")]
    [InlineData("0:0:99999999999999999999999999")]
    public void Text_that_is_no_map_is_refused_with_a_reason(string text)
    {
        CsrunException e = Assert.Throws<CsrunException>(() => IdMap.Parse(text, "--uidmap"));
        Assert.StartsWith("--uidmap", e.Message, StringComparison.Ordinal);
        Assert.NotNull(e.Why);
        Assert.Equal(125, e.ExitCode);
    }

    [Fact]
    public void The_message_names_the_entry_the_field_and_the_limit()
    {
        CsrunException e = Assert.Throws<CsrunException>(() => IdMap.Parse("0:1000:1,1:4294967296:5", "--uidmap"));
        Assert.Equal("--uidmap: entry \"1:4294967296:5\": host ID \"4294967296\" is not valid", e.Message);
        Assert.Equal("IDs have 32 bits and end at 4294967294", e.Why);
    }

    [Theory]
    [InlineData("0 1 2 3\n")]
    [InlineData("0 1\n")]
    [InlineData("a b c\n")]
    [InlineData("4294967295 0 1\n")]
    public void A_proc_file_that_is_none_is_refused(string text) =>
        Assert.Throws<CsrunException>(() => IdMap.ParseProcFile(text));

    [Fact]
    public void A_proc_file_that_nobody_wrote_yet_is_the_empty_map() => Assert.Equal(IdMap.Empty, IdMap.ParseProcFile(""));

    [Fact]
    public void Overlaps_name_both_entries_and_the_first_common_id()
    {
        Assert.Equal(
            ["entry 2 (1:1000:5) overlaps entry 1 (0:1000:2) at container ID 1", "entry 2 (1:1000:5) overlaps entry 1 (0:1000:2) at host ID 1000"],
            IdMap.Parse("0:1000:2,1:1000:5").Validate());
        Assert.Equal(["entry 3 (9:107:2) overlaps entry 2 (1:100:8) at host ID 107"], IdMap.Parse("0:50:1,1:100:8,9:107:2").Validate());
        CsrunException e = Assert.Throws<CsrunException>(() => IdMap.Parse("0:1:1,0:1:1,5:6:0").ThrowIfInvalid("--userns map="));
        Assert.Equal("--userns map=0:1:1,0:1:1,5:6:0: not a valid map", e.Message);
        Assert.Equal(3, e.Why!.Split('\n').Length);
    }

    [Fact]
    public void More_entries_or_bytes_than_the_kernel_takes_are_refused()
    {
        static IdMap Of(int entries, uint step) => new([.. Enumerable.Range(0, entries).Select(i => new IdMapping((uint)i * step, (uint)i * step, 1))]);
        Assert.Empty(Of(340, 2).Validate());
        Assert.Equal(["the map has 341 entries, the kernel takes 340"], Of(341, 2).Validate());
        Assert.Equal(["the map has 100000 entries, the kernel takes 340"], Of(100_000, 2).Validate());
        // The kernel also wants the whole map in less than a page.
        IdMap wide = Of(300, 10_000_000);
        Assert.Contains($"the map is {wide.ToWriteText().Length} bytes long", Assert.Single(wide.Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_is_cut_to_what_the_kernel_takes()
    {
        Random random = new(8);
        for (int round = 0; round < 200; round++)
        {
            int size = random.Next(1, 500);
            uint step = (uint)random.Next(1, 8_000_000);
            IdMap map = new([.. Enumerable.Range(0, size).Select(i => new IdMapping((uint)i * step, (uint)i * step, 1))]);
            IdMap cut = map.Truncate();
            Assert.Empty(cut.Validate());
            Assert.Equal(map.Mappings[..cut.Mappings.Length].ToArray(), cut.Mappings.ToArray());
            Assert.True(cut.Equals(map) || new IdMap(map.Mappings[..(cut.Mappings.Length + 1)]).Validate().Count != 0);
        }
    }

    [Fact]
    public void An_empty_map_is_not_valid() => Assert.Equal(["the map is empty"], IdMap.Empty.Validate());

    [Fact]
    public void Equality_is_by_value_and_order()
    {
        Assert.Equal(IdMap.Parse("0:1:2,5:6:7"), IdMap.Parse(["0:1:2", "5:6:7"]));
        Assert.Equal(IdMap.Parse("0:1:2").GetHashCode(), IdMap.Parse("0:1:2").GetHashCode());
        Assert.NotEqual(IdMap.Parse("0:1:2,5:6:7"), IdMap.Parse("5:6:7,0:1:2"));
        Assert.False(IdMap.Empty.Equals(null));
    }

    [Fact]
    public void The_key_tells_maps_apart_and_users_from_groups()
    {
        IdMap a = IdMap.Parse("0:1000:1,1:100000:65536"), b = IdMap.Parse("0:1000:1,1:100000:65535");
        HashSet<string> keys =
        [
            new IdMapPair(a, a).MapKey(), new IdMapPair(a, b).MapKey(), new IdMapPair(b, a).MapKey(), new IdMapPair(b, b).MapKey(),
            new IdMapPair(a, IdMap.Empty).MapKey(), new IdMapPair(IdMap.Empty, a).MapKey(),
        ];
        for (uint size = 1; size < 2000; size++)
        {
            keys.Add(new IdMapPair(new IdMap(new IdMapping(0, 1000, size)), a).MapKey());
        }

        Assert.Equal(6 + 1999, keys.Count);
        Assert.All(keys, k => Assert.Matches("^[0-9a-f]{16}$", k));
        // A name on disk: it must stay the same from one version of csrun to the next.
        Assert.Equal("8f142e0111b9b3e9", new IdMapPair(a, a).MapKey());
    }

    [Fact]
    public void The_pair_translates_users_by_one_map_and_groups_by_the_other()
    {
        IdMapPair maps = new(IdMap.Parse("0:1000:1"), IdMap.Parse("0:100:1"));
        Assert.Equal(new HostUid(1000), maps.ToHost(new ContainerUid(0)));
        Assert.Equal(new HostGid(100), maps.ToHost(new ContainerGid(0)));
        Assert.Equal(new ContainerGid(0), maps.ToContainer(new HostGid(100)));
        Assert.Null(maps.ToContainer(new HostUid(100)));
    }
}
