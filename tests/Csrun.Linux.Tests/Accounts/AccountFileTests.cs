using Csrun.Linux.Accounts;

namespace Csrun.Linux.Tests.Accounts;

public sealed class AccountFileTests
{
    [Fact]
    public void Whole_files_are_read()
    {
        PasswdFile passwd = PasswdFile.Parse(AlpineAccounts.Passwd);
        Assert.Empty(passwd.Broken);
        Assert.Equal(new PasswdEntry("guest", 405, 100, "/dev/null"), passwd.Entries[6]);
        GroupFile group = GroupFile.Parse(AlpineAccounts.Group);
        Assert.Empty(group.Broken);
        Assert.Equal(["root", "bin", "daemon"], group.Entries[1].Members.ToArray());
        Assert.Empty(group.Entries[5].Members.ToArray());
    }

    [Fact]
    public void Broken_lines_are_skipped_and_reported_with_their_number()
    {
        PasswdFile passwd = PasswdFile.Parse("# comment\n\na:x:1:1::/:\n+::::::\nb:x:two:2::/:\nc:x:3:::/:\n:x:1:1::/:\nd:x:4:4::/d:/bin/sh"u8);
        Assert.Equal(["a", "d"], passwd.Entries.Select(e => e.Name));
        Assert.Equal([4, 5, 6, 7], passwd.Broken.Select(b => b.Number));
        Assert.Contains("group ID", passwd.Broken[2].Why, StringComparison.Ordinal);
        GroupFile group = GroupFile.Parse("a:x:1:\nb\nc:x:-3:c\nd:x:4"u8);
        Assert.Equal(["a", "d"], group.Entries.Select(e => e.Name));
        Assert.Equal([2, 3], group.Broken.Select(b => b.Number));
    }

    [Fact]
    public void Lookups_agree_with_the_whole_file()
    {
        PasswdFile passwd = PasswdFile.Parse(AlpineAccounts.Passwd);
        foreach (PasswdEntry entry in passwd.Entries)
        {
            Assert.Equal(entry, PasswdFile.Find(AlpineAccounts.Passwd, entry.Name));
            Assert.Equal(entry, PasswdFile.Find(AlpineAccounts.Passwd, entry.Uid));
        }

        Assert.Null(PasswdFile.Find(AlpineAccounts.Passwd, "roo"));
        Assert.Null(GroupFile.Find(AlpineAccounts.Group, 4242));
        Assert.Equal(10u, GroupFile.Find(AlpineAccounts.Group, "wheel")!.Gid);
    }
}
