using System.Collections.Immutable;
using System.Text;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Tests.Accounts;

public sealed class SubIdTests : IDisposable
{
    private readonly string _etc = Directory.CreateTempSubdirectory("csrun-etc-").FullName;

    public void Dispose() => Directory.Delete(_etc, recursive: true);

    [Fact]
    public void Entries_by_name_and_by_number_both_count()
    {
        ReadOnlySpan<byte> content = "bob:200000:65536\nalice:100000:65536\n1000:300000:10\n10001:400000:1\nalice2:500000:1\n"u8;
        Assert.Equal([new(100000, 65536), new(300000, 10)], SubIdFile.RangesOf(content, "alice", 1000, "f").ToArray());
        Assert.Equal([new(300000, 10)], SubIdFile.RangesOf(content, null, 1000, "f").ToArray());
        Assert.Equal(["bob", "10001", "alice2"], SubIdFile.EntriesOfOthers(content, "alice", 1000, "f").Select(e => e.Owner));
    }

    [Fact]
    public void Broken_lines_are_skipped_and_reported()
    {
        SubIdFile file = SubIdFile.Parse(
            "# comment\n\na:1:1\nb:1\nc:1:1:1\n:1:1\nd:-1:1\ne:1:0\nf:4294967295:1\ng:4294967294:2\nh:x:1\ni:4294967294:1\r\nj:1:99999999999\n"u8, "/etc/subuid");
        Assert.Equal([new SubIdEntry("a", new(1, 1)), new SubIdEntry("i", new(4294967294, 1))], file.Entries.ToArray());
        Assert.Equal([4, 5, 6, 7, 8, 9, 10, 11, 13], file.Broken.Select(b => b.Number));
    }

    [Fact]
    public void The_same_ids_by_name_and_by_number_are_had_once()
    {
        Assert.Equal([new(100000, 65536)], SubIdFile.RangesOf("alice:100000:65536\n1000:100000:65536\n"u8, "alice", 1000, "f").ToArray());
        Assert.Equal(
            [new(100, 10), new(90, 10), new(110, 5)],
            SubIdFile.RangesOf("alice:100:10\nalice:90:25\nalice:105:3\n"u8, "alice", 1000, "f").ToArray());
    }

    [Theory]
    [InlineData("", "files")]
    [InlineData("passwd: files sss\n", "files")]
    [InlineData("subid: files\n", "files")]
    [InlineData("subid:sss\n", "sss")]
    [InlineData("# subid: sss\n", "files")]
    [InlineData("  SubID:\t sss files # ours\n", "sss")]
    [InlineData("subid:\n", "files")]
    [InlineData("subidx: sss\nsubid: files sss", "files")]
    public void The_source_is_the_first_word_of_the_subid_line(string content, string expected) =>
        Assert.Equal(expected, NameServiceSwitch.SubIdSource(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void The_files_are_read_when_no_other_source_is_named()
    {
        Assert.Equal(SubIds.None.Uids, SubIds.Read(1000, "alice", _etc).Uids.ToArray());
        File.WriteAllText($"{_etc}/subuid", "alice:100000:65536\n");
        File.WriteAllText($"{_etc}/subgid", "alice:200000:1000\n");
        File.WriteAllText($"{_etc}/nsswitch.conf", "subid: files\n");
        SubIds ids = SubIds.Read(1000, "alice", _etc);
        Assert.Equal([new(100000, 65536)], ids.Uids.ToArray());
        Assert.Equal([new(200000, 1000)], ids.Gids.ToArray());
        Assert.Equal(("files", null), (ids.Source, ids.Unavailable));
    }

    [Fact]
    public void A_large_file_is_read_to_its_end()
    {
        StringBuilder content = new();
        for (int i = 0; i < 20_000; i++)
        {
            content.Append($"user{i}:{100000 + (i * 65536L)}:65536\n");
        }

        File.WriteAllText($"{_etc}/subuid", content.ToString());
        Assert.Equal([new(100000 + (19_999u * 65536u), 65536)], SubIds.Read(4242, "user19999", _etc).Uids.ToArray());
    }

    [Fact]
    public void Another_source_is_asked_instead_of_the_files()
    {
        File.WriteAllText($"{_etc}/nsswitch.conf", "subid: nowhere\n");
        File.WriteAllText($"{_etc}/subuid", "alice:100000:65536\n");
        SubIds ids = SubIds.Read(1000, "no-such-user-of-csrun", _etc);
        Assert.Equal("nowhere", ids.Source);
        Assert.Empty(ids.Uids);
    }

    [Fact]
    public void Libsubid_agrees_with_the_files()
    {
        if (NameServiceSwitch.SubIdSource(File.ReadAllBytes(NameServiceSwitch.DefaultPath)) != "files")
        {
            return;
        }

        foreach (SubIdEntry entry in SubIdFile.Parse(File.ReadAllBytes("/etc/subuid"), "/etc/subuid").Entries)
        {
            PasswdEntry? user = PasswdFile.Find(File.ReadAllBytes("/etc/passwd"), entry.Owner);
            if (user is not null && LibSubId.TryGetRanges(user.Name, out ImmutableArray<IdRange> uids, out ImmutableArray<IdRange> gids, out _))
            {
                Assert.Equal(SubIds.Read(user.Uid, user.Name).Uids.ToArray(), uids.ToArray());
                Assert.Equal(SubIds.Read(user.Uid, user.Name).Gids.ToArray(), gids.ToArray());
            }
        }
    }

    [Fact]
    public void The_output_of_getsubids_is_read() => Assert.Equal(
        [new(100000, 65536), new(300000, 10)],
        SubIds.ParseGetSubIds("0: alice 100000 65536\n1: al ice 300000 10\nError fetching ranges\n2: alice -1 5\n"u8).ToArray());

    [Fact]
    public void What_others_have_is_collected_from_all_four_files()
    {
        File.WriteAllText($"{_etc}/passwd", "root:x:0:0::/root:/bin/sh\nalice:x:1000:1001::/:\n");
        File.WriteAllText($"{_etc}/group", "root:x:0:\nstaff:x:50:\n");
        File.WriteAllText($"{_etc}/subuid", "alice:100000:65536\nbob:200000:65536\n");
        File.WriteAllText($"{_etc}/subgid", "bob:300000:65536\n");
        TakenIds taken = TakenIds.Read(1000, "alice", _etc);
        Assert.Equal([new SubIdEntry("bob", new(200000, 65536))], taken.SubUids.ToArray());
        Assert.Equal([new SubIdEntry("bob", new(300000, 65536))], taken.SubGids.ToArray());
        Assert.Equal([0u, 1000], taken.Uids.ToArray());
        Assert.Equal([0u, 1001, 0, 50], taken.Gids.ToArray());
    }

    [Fact]
    public void Users_are_found_in_the_file_and_else_by_the_c_library()
    {
        Assert.Equal("root", HostUser.Find(0)!.Name);
        Assert.Equal("root", LibC.GetPwUid(0)!.Name);
        Assert.Equal("/root", LibC.GetPwUid(0)!.Home);
        Assert.Null(LibC.GetPwUid(3_999_999_999));
        Assert.Null(HostUser.Find(0, _etc));
    }
}
