using Csrun.Linux;
using Csrun.Plan.Requests;

namespace Csrun.Plan.Tests.Requests;

public sealed class MountSpecTests
{
    [Theory]
    [InlineData("type=bind,source=/a,target=/b", "rbind,rprivate")]
    [InlineData("type=bind,src=/a,dst=/b", "rbind,rprivate")]
    [InlineData("dst=/b,src=/a,type=bind", "rbind,rprivate")]
    [InlineData("type=bind,src=/a,destination=/b,readonly", "rbind,rprivate,ro,rro")]
    [InlineData("type=bind,src=/a,dst=/b,ro=true", "rbind,rprivate,ro,rro")]
    [InlineData("type=bind,src=/a,dst=/b,ro=false", "rbind,rprivate,rw")]
    [InlineData("type=bind,src=/a,dst=/b,readonly,bind-recursive=writable", "rbind,rprivate,ro")]
    [InlineData("type=bind,src=/a,dst=/b,readonly,bind-recursive=readonly", "rbind,rprivate,ro,rro")]
    [InlineData("type=bind,src=/a,dst=/b,readonly,bind-recursive=disabled", "bind,rprivate,ro")]
    [InlineData("type=bind,src=/a,dst=/b,bind-nonrecursive", "bind,rprivate")]
    [InlineData("type=bind,src=/a,dst=/b,bind-nonrecursive=false", "rbind,rprivate")]
    [InlineData("type=bind,src=/a,dst=/b,bind-propagation=rslave", "rbind,rslave")]
    [InlineData("type=bind,src=/a,dst=/b,nosuid,noexec=true,nodev=false", "rbind,rprivate,nosuid,noexec")]
    public void Reads_bind(string text, string options)
    {
        MountSpec mount = MountSpec.Parse(text);

        Assert.Equal(("/a", "/b", options), (mount.Bind!.Source, mount.Destination, string.Join(',', mount.Bind.Options)));
        Assert.Null(mount.Tmpfs);
    }

    [Fact]
    public void A_colon_in_a_path_is_possible_here() =>
        Assert.Equal("/a:b", MountSpec.Parse("type=bind,source=/a:b,target=/c").Bind!.Source);

    [Theory]
    [InlineData("type=tmpfs,target=/t", "nosuid,nodev,noexec")]
    [InlineData("type=tmpfs,dst=/t,tmpfs-size=64m,tmpfs-mode=1777", "nosuid,nodev,noexec,size=67108864,mode=1777")]
    [InlineData("type=tmpfs,dst=/t,tmpfs-size=10%", "nosuid,nodev,noexec,size=10%")]
    [InlineData("type=tmpfs,dst=/t,ro,exec", "nosuid,nodev,ro,exec")]
    public void Reads_tmpfs(string text, string options) =>
        Assert.Equal(("/t", options), (MountSpec.Parse(text).Tmpfs!.Destination, string.Join(',', MountSpec.Parse(text).Tmpfs!.Options)));

    [Theory]
    [InlineData("", "\"\" is no key")]
    [InlineData("source=/a,target=/b", "the type is missing")]
    [InlineData("type=bind,source=/a", "the target is missing")]
    [InlineData("type=bind,target=/b", "the source is missing")]
    [InlineData("type=bind,source=,target=/b", "the source is missing")]
    [InlineData("type=bind,source=/a,target=b", "not absolute")]
    [InlineData("type=bind,source=/a,target=/b,dst=/c", "target is given twice")]
    [InlineData("type=bind,source=/a,target=/b,ro=maybe", "true or false")]
    [InlineData("type=bind,source=/a,target=/b,ro,rw", "contradict")]
    [InlineData("type=bind,source=/a,target=/b,bind-propagation=foo", "is no propagation")]
    [InlineData("type=bind,source=/a,target=/b,bind-propagation", "is no propagation")]
    [InlineData("type=bind,source=/a,target=/b,bind-recursive=readonly", "needs a mount that is read-only")]
    [InlineData("type=bind,source=/a,target=/b,bind-recursive=x", "no value of bind-recursive")]
    [InlineData("type=bind,source=/a,target=/b,tmpfs-size=1m", "no meaning for a mount of type bind")]
    [InlineData("type=tmpfs,target=/b,source=/a", "no meaning for a mount of type tmpfs")]
    [InlineData("type=tmpfs,target=/b,tmpfs-size=x", "tmpfs-size is an amount")]
    [InlineData("type=tmpfs,target=/b,tmpfs-mode=9", "octal")]
    [InlineData("type=volume,source=v,target=/b", "named volumes come with a later version")]
    [InlineData("type=bnid,source=/a,target=/b", "close to it: bind")]
    [InlineData("type=npipe,source=/a,target=/b", "do not exist in csrun")]
    [InlineData("type=bind,sorce=/a,target=/b", "close to it: source")]
    [InlineData("type=bind,source=/a,target=/b,idmap,chown", "translated twice")]
    public void Refuses(string text, string why)
    {
        CsrunException error = Assert.Throws<CsrunException>(() => MountSpec.Parse(text));

        Assert.StartsWith($"--mount \"{text}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Why, StringComparison.Ordinal);
    }
}
