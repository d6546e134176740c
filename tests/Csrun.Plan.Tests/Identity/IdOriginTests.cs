using System.Text;
using Csrun.Linux.Accounts;
using Csrun.Plan.Identity;

namespace Csrun.Plan.Tests.Identity;

public sealed class IdOriginTests
{
    private static readonly HostAccounts s_accounts = new(
        PasswdFile.Parse("root:x:0:0::/:/bin/sh\nalice:x:1000:1000::/:/bin/sh\nbob:x:1001:1001::/:/bin/sh\n"u8),
        GroupFile.Parse("root:x:0:\nalice:x:1000:\nusers:x:100:\n"u8),
        SubIdFile.Parse("alice:100000:65536\n1001:165536:10\nbob:300000:100\ngone:165536:20\nroot:500000:10\n"u8, "/etc/subuid"),
        SubIdFile.Parse(Encoding.ASCII.GetBytes("alice:200000:65536\n"), "/etc/subgid"));

    [Fact]
    public void A_subordinate_id_is_decoded_to_the_containers_user()
    {
        IdOrigin origin = IdOrigin.Of(100999, isGroup: false, s_accounts);
        SubordinateId one = Assert.Single(origin.Subordinate);
        Assert.Null(origin.Name);
        Assert.Equal(("alice", 1000u), (one.Owner, one.ContainerId!.Value));
        Assert.Equal(1u, Assert.Single(IdOrigin.Of(200000, isGroup: true, s_accounts).Subordinate).ContainerId);
    }

    [Fact]
    public void Several_ranges_of_one_user_lie_one_after_the_other() =>
        Assert.Equal(11u, Assert.Single(IdOrigin.Of(300000, isGroup: false, s_accounts).Subordinate).ContainerId);

    [Fact]
    public void Ranges_that_overlap_are_both_named_and_a_user_without_account_has_no_map()
    {
        IdOrigin origin = IdOrigin.Of(165536, isGroup: false, s_accounts);
        Assert.Equal(["bob", "gone"], origin.Subordinate.Select(s => s.Owner));
        Assert.Equal([1u, null], origin.Subordinate.Select(s => s.ContainerId));
    }

    [Fact]
    public void Roots_containers_begin_with_the_first_subordinate_id() =>
        Assert.Equal(0u, Assert.Single(IdOrigin.Of(500000, isGroup: false, s_accounts).Subordinate).ContainerId);

    [Theory]
    [InlineData(1000u, false, "alice")]
    [InlineData(100u, true, "users")]
    [InlineData(77u, false, null)]
    public void Accounts_and_groups_have_names(uint id, bool group, string? name)
    {
        IdOrigin origin = IdOrigin.Of(id, group, s_accounts);
        Assert.Equal(name, origin.Name);
        Assert.Empty(origin.Subordinate);
    }
}
