using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Docker;

/// <summary>Docker with <c>--userns-remap</c> beside csrun as root with the same map.</summary>
public sealed class RemappedDockerTests(Sandbox sandbox, RemappedDocker docker) : DockerComparison(sandbox, docker), IClassFixture<RemappedDocker>
{
    [RootTheory(Needs = Need.Alpine | Need.Docker)]
    [InlineData(Id)]
    [InlineData(Maps)]
    [InlineData(Owners)]
    [InlineData(Owners, "--user", "1000:1000")]
    [InlineData(Rights)]
    [InlineData("stat -c '%u:%g %a %n' /etc/shadow /tmp /root; touch /root/f; chown games:games /root/f; stat -c %u:%g /root/f")]
    [InlineData("head -c 1 /dev/null; mknod /tmp/null c 1 3; echo $?")]
    public void Roots_container_in_a_users_range_sees_the_same(string script, params string[] options)
    {
        Account user = Host.Of(Identity.User);
        (string theirs, string ours) = Ask(
            script, options, onlyCsrun: ["--uidmap", $"0:{user.SubUid}:{user.SubUidCount}", "--gidmap", $"0:{user.SubGid}:{user.SubGidCount}"]);

        Assert.Contains("exit ", theirs, StringComparison.Ordinal);
        Assert.Equal(theirs, ours);
    }
}
