using System.Text;
using Csrun.Linux.Accounts;

namespace Csrun.Linux.Tests.Accounts;

public sealed class UserSpecTests
{
    private static ResolvedUser Alpine(string spec, params string[] groupAdd) =>
        UserSpec.Parse(spec).Resolve(AlpineAccounts.Passwd, AlpineAccounts.Group, groupAdd);

    [Theory]
    [InlineData("root")]
    [InlineData("0")]
    public void Root_of_an_image_has_every_group_that_lists_it(string spec)
    {
        ResolvedUser user = Alpine(spec);
        Assert.Equal((0u, 0u, "/root", "root"), (user.Uid, user.Gid, user.Home, user.Name));
        Assert.Equal([0u, 1, 2, 3, 4, 6, 10, 11, 20, 26, 27], user.AdditionalGids.ToArray());
        Assert.Equal(user.AdditionalGids.ToArray(), UserSpec.Root.Resolve(AlpineAccounts.Passwd, AlpineAccounts.Group).AdditionalGids.ToArray());
    }

    [Fact]
    public void A_number_that_the_image_does_not_name_has_group_0_and_no_home()
    {
        ResolvedUser user = Alpine("1000");
        Assert.Equal((1000u, 0u, "/", null), (user.Uid, user.Gid, user.Home, user.Name));
        Assert.Equal([0u], user.AdditionalGids.ToArray());
    }

    [Fact]
    public void A_number_and_a_group_are_just_these()
    {
        ResolvedUser user = Alpine("1000:1000");
        Assert.Equal((1000u, 1000u, "/", null), (user.Uid, user.Gid, user.Home, user.Name));
        Assert.Equal([1000u], user.AdditionalGids.ToArray());
    }

    [Fact]
    public void The_primary_group_comes_first_when_no_group_lists_the_user()
    {
        ResolvedUser user = Alpine("games");
        Assert.Equal((35u, 35u, "/usr/games"), (user.Uid, user.Gid, user.Home));
        Assert.Equal([35u, 100], user.AdditionalGids.ToArray());
        Assert.Equal(user.AdditionalGids.ToArray(), Alpine("35").AdditionalGids.ToArray());
    }

    [Fact]
    public void An_explicit_group_replaces_all_of_the_users_groups_and_keeps_the_home()
    {
        ResolvedUser user = Alpine("root:video");
        Assert.Equal((0u, 27u, "/root"), (user.Uid, user.Gid, user.Home));
        Assert.Equal([27u], user.AdditionalGids.ToArray());
        Assert.Equal([12u], Alpine("daemon:12").AdditionalGids.ToArray());
    }

    [Fact]
    public void Added_groups_are_names_or_numbers_and_come_once()
    {
        Assert.Equal([1000u, 27, 4242], Alpine("1000:1000", "video", "4242", "27").AdditionalGids.ToArray());
        Assert.Equal([35u, 100, 5], Alpine("games", "tty", "users").AdditionalGids.ToArray());
    }

    [Theory]
    [InlineData("1000:")]
    [InlineData("4294967296")]
    [InlineData("4294967295")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("2147483648")]
    [InlineData("0:2147483648")]
    [InlineData("0:-1")]
    [InlineData("00000000004294967296")]
    [InlineData("340282366920938463463374607431768211456")]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":0")]
    [InlineData("a:b:c")]
    public void Identities_that_other_runtimes_misread_are_refused(string spec)
    {
        CsrunException e = Assert.Throws<CsrunException>(() => UserSpec.Parse(spec));
        Assert.Contains($"\"{spec}\"", e.Message, StringComparison.Ordinal);
        Assert.NotNull(e.Why);
        Assert.Equal(125, e.ExitCode);
    }

    [Fact]
    public void The_largest_identity_still_works() => Assert.Equal(2147483647u, Alpine("2147483647:2147483647").Uid);

    [Fact]
    public void All_digits_are_never_a_name()
    {
        // An image that names a user and a group "1000" to have them taken for root.
        ResolvedUser user = UserSpec.Parse("1000:1000").Resolve("1000:x:0:0::/root:/bin/sh\n"u8, "1000:x:0:1000\n"u8);
        Assert.Equal((1000u, 1000u), (user.Uid, user.Gid));
        Assert.Equal([1000u], user.AdditionalGids.ToArray());
        Assert.Equal([7u], UserSpec.Parse("7:7").Resolve([], "7:x:0:\n"u8, ["7"]).AdditionalGids.ToArray());
    }

    [Fact]
    public void A_cut_line_is_never_root()
    {
        // Docker's parser takes missing fields for 0.
        foreach (string line in new[] { "app", "app:x", "app:x:", "app:x::", "app:x:5", "app:x:-5:5::/:", "app:x:4294967295:5", "app:x: 5:5", "app:x:5:5\0:0" })
        {
            Assert.Throws<CsrunException>(() => UserSpec.Parse("app").Resolve(Encoding.UTF8.GetBytes(line + "\n"), []));
        }
    }

    [Fact]
    public void The_first_of_several_entries_counts()
    {
        ReadOnlySpan<byte> passwd = "a:x:5:6::/first:\nb:x:5:7::/second:\na:x:8:9::/third:\n"u8;
        Assert.Equal("/first", UserSpec.Parse("5").Resolve(passwd, []).Home);
        Assert.Equal("/first", UserSpec.Parse("a").Resolve(passwd, []).Home);
        Assert.Equal(7u, UserSpec.Parse("b").Resolve(passwd, []).Gid);
    }

    [Fact]
    public void Files_with_carriage_returns_and_without_a_last_newline_are_read()
    {
        ResolvedUser user = UserSpec.Parse("app").Resolve("# users\r\n\r\napp:x:5:6::/home/app\r"u8, "x:x:9:other,app\r\ny:x:10:app2\r\nz:x:11:app"u8);
        Assert.Equal("/home/app", user.Home);
        Assert.Equal([6u, 9, 11], user.AdditionalGids.ToArray());
    }

    [Fact]
    public void An_unknown_user_is_told_the_close_names()
    {
        CsrunException e = Assert.Throws<CsrunException>(() => Alpine("rot"));
        Assert.Equal("user \"rot\": not in the image's /etc/passwd", e.Message);
        Assert.Equal("the file has root", e.Why);
        Assert.Equal(125, e.ExitCode);
        e = Assert.Throws<CsrunException>(() => Alpine("root:vide"));
        Assert.Equal("the file has video", e.Why);
        e = Assert.Throws<CsrunException>(() => Alpine("0", "weel"));
        Assert.Contains("--group-add", e.Message, StringComparison.Ordinal);
        Assert.Equal("the file has wheel", e.Why);
        e = Assert.Throws<CsrunException>(() => UserSpec.Parse("app").Resolve([], []));
        Assert.Equal("the file is missing or names no users", e.Why);
        e = Assert.Throws<CsrunException>(() => Alpine("postgres"));
        Assert.Equal("none of its 8 users has a name like it", e.Why);
    }

    [Fact]
    public void Nothing_that_an_image_writes_reaches_the_terminal_as_control_characters()
    {
        CsrunException e = Assert.Throws<CsrunException>(() => UserSpec.Parse("app\u001b[2J", "the image's USER").Resolve("app\u001b[2K:x:1:1::/:\n"u8, []));
        Assert.DoesNotContain('\u001b', e.Message + e.Why + e.Fix);
        Assert.Contains("app\\x1b[2J", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_giant_file_is_refused()
    {
        byte[] giant = new byte[(16 * 1024 * 1024) + 1];
        Array.Fill(giant, (byte)'\n');
        Assert.Throws<CsrunException>(() => UserSpec.Parse("app").Resolve(giant, []));
        Assert.Throws<CsrunException>(() => UserSpec.Parse("0:app").Resolve([], giant));
    }

    [Fact]
    public void Random_bytes_are_survived()
    {
        Random random = new(7);
        byte[] alphabet = "ab:01,\n\r\0#\xff"u8.ToArray();
        for (int round = 0; round < 3000; round++)
        {
            byte[] passwd = random.GetItems(alphabet, random.Next(60)), group = random.GetItems(alphabet, random.Next(60));
            ResolvedUser user = UserSpec.Parse("1").Resolve(passwd, group);
            Assert.Equal(1u, user.Uid);
            Assert.Contains(user.Gid, user.AdditionalGids.ToArray());
            Assert.Equal(user.AdditionalGids.Length, user.AdditionalGids.Distinct().Count());
            try
            {
                Assert.Equal("a", UserSpec.Parse("a").Resolve(passwd, group).Name);
            }
            catch (CsrunException)
            {
                Assert.DoesNotContain(PasswdFile.Parse(passwd).Entries, p => p.Name == "a");
            }
        }
    }
}
