using Csrun.Linux;
using Csrun.Plan.Requests;

namespace Csrun.Plan.Tests.Requests;

public sealed class OptionValueTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("65536", 65536L)]
    [InlineData("64k", 65536L)]
    [InlineData("64K", 65536L)]
    [InlineData("64kb", 65536L)]
    [InlineData("64KiB", 65536L)]
    [InlineData("1b", 1L)]
    [InlineData("64m", 67108864L)]
    [InlineData("1.5g", 1610612736L)]
    [InlineData("0.5k", 512L)]
    [InlineData("2t", 2199023255552L)]
    [InlineData("8191p", 9222246136947933184L)]
    public void Memory_sizes(string text, long bytes) => Assert.Equal(bytes, MemorySize.Parse(text, "--memory"));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-1")]
    [InlineData("1x")]
    [InlineData("1 m")]
    [InlineData("1.")]
    [InlineData(".5m")]
    [InlineData("1.2.3m")]
    [InlineData("8192p")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551616")]
    [InlineData("1mb b")]
    [InlineData("0x10")]
    [InlineData("٣m")]
    public void No_memory_sizes(string text) =>
        Assert.Contains("an amount of memory", Assert.Throws<CsrunException>(() => MemorySize.Parse(text, "--memory")).Why, StringComparison.Ordinal);

    [Theory]
    [InlineData("/run", "/run", "nosuid,nodev,noexec")]
    [InlineData("/run/:rw,size=64m,mode=1777", "/run", "nosuid,nodev,noexec,rw,size=64m,mode=1777")]
    [InlineData("/run:exec", "/run", "nosuid,nodev,exec")]
    [InlineData("/run:exec,noexec", "/run", "nosuid,nodev,noexec")]
    [InlineData("/run:ro,rw", "/run", "nosuid,nodev,noexec,rw")]
    [InlineData("/run:size=1m,size=2m", "/run", "nosuid,nodev,noexec,size=2m")]
    [InlineData("/run:size=50%,uid=1000,gid=1000,nr_inodes=1k", "/run", "nosuid,nodev,noexec,size=50%,uid=1000,gid=1000,nr_inodes=1k")]
    public void Tmpfs(string text, string destination, string options)
    {
        TmpfsSpec tmpfs = TmpfsSpec.Parse(text);

        Assert.Equal((destination, options), (tmpfs.Destination, string.Join(',', tmpfs.Options)));
    }

    [Theory]
    [InlineData("run", "not absolute")]
    [InlineData("", "missing")]
    [InlineData("/", "over the container's root")]
    [InlineData("/a/../b", "contains \"..\"")]
    [InlineData("/run:", "no options follow")]
    [InlineData("/run:size=", "size is a number")]
    [InlineData("/run:size=1x", "size is a number")]
    [InlineData("/run:size=101%", "size is a number")]
    [InlineData("/run:size=-1", "size is a number")]
    [InlineData("/run:mode=8", "octal")]
    [InlineData("/run:mode=77777", "octal")]
    [InlineData("/run:uid=4294967295", "up to 4294967294")]
    [InlineData("/run:nr_inodes=x", "nr_inodes is a number")]
    [InlineData("/run:noexce", "close to it: noexec")]
    [InlineData("/run:exec=1", "is no option of a tmpfs")]
    [InlineData("/run:size", "is no option of a tmpfs")]
    public void No_tmpfs(string text, string why) =>
        Assert.Contains(why, Assert.Throws<CsrunException>(() => TmpfsSpec.Parse(text)).Why, StringComparison.Ordinal);

    [Theory]
    [InlineData("nofile=1024:2048", "RLIMIT_NOFILE", 1024UL, 2048UL)]
    [InlineData("nofile=1024", "RLIMIT_NOFILE", 1024UL, 1024UL)]
    [InlineData("core=-1", "RLIMIT_CORE", ulong.MaxValue, ulong.MaxValue)]
    [InlineData("core=0:-1", "RLIMIT_CORE", 0UL, ulong.MaxValue)]
    [InlineData("stack=unlimited", "RLIMIT_STACK", ulong.MaxValue, ulong.MaxValue)]
    [InlineData("sigpending=5", "RLIMIT_SIGPENDING", 5UL, 5UL)]
    public void Ulimits(string text, string type, ulong soft, ulong hard) => Assert.Equal(new UlimitSpec(type, soft, hard), UlimitSpec.Parse(text));

    [Theory]
    [InlineData("nofile", "value is missing")]
    [InlineData("nofile=", "is no limit")]
    [InlineData("nofile=x", "is no limit")]
    [InlineData("nofile=-2", "is no limit")]
    [InlineData("nofile=1:", "is no limit")]
    [InlineData("nofile=1:2:3", "is no limit")]
    [InlineData("nofile=2:1", "above the second")]
    [InlineData("nofile=-1:5", "above the second")]
    [InlineData("nofiles=1", "close to it: nofile")]
    [InlineData("=1", "is no resource limit")]
    [InlineData("nofile=18446744073709551616", "is no limit")]
    public void No_ulimits(string text, string why) =>
        Assert.Contains(why, Assert.Throws<CsrunException>(() => UlimitSpec.Parse(text)).Why, StringComparison.Ordinal);

    [Fact]
    public void The_advice_about_swapped_limits_works()
    {
        string fix = Assert.Throws<CsrunException>(() => UlimitSpec.Parse("nofile=9:5")).Fix!;

        Assert.Equal("--ulimit nofile=5:9", fix);
        Assert.Equal(9UL, UlimitSpec.Parse(fix[9..]).Hard);
    }

    [Theory]
    [InlineData("no-new-privileges", true)]
    [InlineData("no-new-privileges:true", true)]
    [InlineData("no-new-privileges=true", true)]
    [InlineData("no-new-privileges:false", false)]
    [InlineData("no-new-privileges=0", false)]
    public void No_new_privileges(string text, bool expected) => Assert.Equal(expected, SecurityOpts.Parse([text]).NoNewPrivileges);

    [Fact]
    public void Security_options_together()
    {
        SecurityOpts all = SecurityOpts.Parse(["seccomp=/p.json", "unmask=/proc/kcore:/sys/firmware", "mask=/etc/x", "unmask=/proc/acpi", "apparmor=unconfined", "label=disable"]);

        Assert.Equal("/p.json", all.Seccomp);
        Assert.Equal("unconfined", all.AppArmor);
        Assert.Equal(["/proc/kcore", "/sys/firmware", "/proc/acpi"], all.Unmask.ToArray());
        Assert.Equal(["/etc/x"], all.Mask.ToArray());
        Assert.False(all.UnmaskAll);
        Assert.Null(all.NoNewPrivileges);
        Assert.Equal("unconfined", SecurityOpts.Parse(["seccomp=/p.json", "seccomp:unconfined"]).Seccomp);
        Assert.True(SecurityOpts.Parse(["unmask=ALL"]).UnmaskAll);
        Assert.True(SecurityOpts.Parse(["systempaths=unconfined"]).UnmaskAll);
    }

    [Theory]
    [InlineData("seccomp", "seccomp needs a value")]
    [InlineData("seccomp=", "seccomp needs a value")]
    [InlineData("unmask=", "unmask needs a value")]
    [InlineData("unmask=proc", "not absolute")]
    [InlineData("mask=/a/..", "contains \"..\"")]
    [InlineData("mask=/", "over the container's root")]
    [InlineData("systempaths=x", "only value")]
    [InlineData("apparmor=", "apparmor needs a value")]
    [InlineData("label=type:x", "makes up no SELinux label")]
    [InlineData("proc-opts=hidepid=2", "later version")]
    [InlineData("no-new-privileges=x", "true or false")]
    [InlineData("no-new-privs", "is no security option")]
    [InlineData("secomp=unconfined", "close to it: seccomp")]
    [InlineData("", "is no security option")]
    public void No_security_options(string text, string why) =>
        Assert.Contains(why, Assert.Throws<CsrunException>(() => SecurityOpts.Parse([text])).Why, StringComparison.Ordinal);

    [Theory]
    [InlineData("none", NetworkMode.None)]
    [InlineData("host", NetworkMode.Host)]
    public void Networks(string text, NetworkMode mode) => Assert.Equal(mode, NetworkOption.Parse(text));

    [Theory]
    [InlineData("pasta", "later version")]
    [InlineData("pasta:-t,80", "later version")]
    [InlineData("slirp4netns", "later version")]
    [InlineData("container:web", "later version")]
    [InlineData("bridge", "later version")]
    [InlineData("hsot", "close to it: host")]
    [InlineData("none:x", "is no network")]
    [InlineData("", "is no network")]
    public void No_networks(string text, string why) =>
        Assert.Contains(why, Assert.Throws<CsrunException>(() => NetworkOption.Parse(text)).Why, StringComparison.Ordinal);

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("my-box_2.x")]
    public void Container_names(string name) => Assert.Equal(name, Names.Container(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("-a")]
    [InlineData("a/b")]
    [InlineData("../x")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\0b")]
    public void No_container_names(string name)
    {
        Assert.Throws<CsrunException>(() => Names.Container(name));
        Assert.Throws<CsrunException>(() => Names.Container(new string('a', 129)));
    }

    [Fact]
    public void Host_names()
    {
        Assert.Equal("web-1.example", Names.Host("web-1.example"));
        Assert.Equal(64, Names.Host(new string('a', 64)).Length);
        Assert.All(["", new string('a', 65), "a b", "a\n", "-a", ".a", "ä", "a/b"], name => Assert.Throws<CsrunException>(() => Names.Host(name)));
    }
}
