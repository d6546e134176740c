using Csrun.Plan.Requests;
using Csrun.Plan.Specs;

namespace Csrun.Plan.Tests.Specs;

public sealed class EtcFilesTests
{
    [Fact]
    public void Hosts_knows_the_loopback_and_the_container()
    {
        string[] lines = EtcFiles.Hosts("box").TrimEnd('\n').Split('\n');

        Assert.Contains("127.0.0.1\tlocalhost", lines);
        Assert.Contains("::1\tlocalhost ip6-localhost ip6-loopback", lines);
        Assert.Contains("127.0.0.1\tbox", lines);
        Assert.All(lines, line => Assert.Equal(2, line.Split('\t').Length));
        Assert.EndsWith("\n", EtcFiles.Hosts("box"), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostname_is_one_line() => Assert.Equal("box\n", EtcFiles.Hostname("box"));

    [Theory]
    [InlineData("nameserver 127.0.0.53\nsearch a.b\n", "search a.b\n")]
    [InlineData("nameserver 127.0.0.1\nnameserver 9.9.9.9", "nameserver 9.9.9.9\n")]
    [InlineData("nameserver ::1\nnameserver 2620:fe::fe\n", "nameserver 2620:fe::fe\n")]
    [InlineData("nameserver\t127.0.0.1 # local\noptions edns0\n", "options edns0\n")]
    [InlineData("  nameserver ::1%lo\n", "")]
    [InlineData("# nameserver 127.0.0.1\n", "# nameserver 127.0.0.1\n")]
    [InlineData("nameserver 12.7.0.1\n", "nameserver 12.7.0.1\n")]
    [InlineData("nameserver ::10\n", "nameserver ::10\n")]
    [InlineData("nameserver 0:0:0:0:0:0:0:1\r\n", "")]
    [InlineData("nameserver 0:0:0:0:0:0:0:10\n", "nameserver 0:0:0:0:0:0:0:10\n")]
    [InlineData("nameservers 127.0.0.1\n", "nameservers 127.0.0.1\n")]
    [InlineData("", "")]
    public void Without_the_hosts_network_its_loopback_servers_are_left_out(string host, string expected)
    {
        Assert.Equal(expected, EtcFiles.ResolvConf(host, NetworkMode.None));
        Assert.Equal(host, EtcFiles.ResolvConf(host, NetworkMode.Host));
    }
}
