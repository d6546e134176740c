using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Docker;

/// <summary>Docker's rootless mode beside csrun as the same ordinary user, with no option.</summary>
public sealed class RootlessDockerTests(Sandbox sandbox, RootlessDocker docker) : DockerComparison(sandbox, docker), IClassFixture<RootlessDocker>
{
    [UserTheory(Needs = Need.Alpine | Need.SubIds | Need.Docker | Need.Rootlesskit | Need.RootTests)]
    [InlineData(Id)]
    [InlineData(Id, "--user", "1000:1000")]
    [InlineData(Id, "--user", "games")]
    [InlineData(Maps)]
    [InlineData(Owners)]
    [InlineData(Owners, "--user", "1000:1000")]
    [InlineData(Rights)]
    [InlineData(Rights, "--user", "1000:1000")]
    [InlineData("stat -c '%u:%g %a %n' /etc/shadow /tmp /root; touch /root/f; chown games:games /root/f; stat -c %u:%g /root/f")]
    [InlineData("chown 1000:1000 /v/host; rm -f /v/none; su games -s /bin/sh -c 'touch /v/games'; ls -ln /v | awk '{print $3, $4, $9}'")]
    [InlineData("exit 7")]
    [InlineData("/etc")]
    [InlineData("/no/such/program")]
    public void An_ordinary_user_sees_the_same(string script, params string[] options)
    {
        (string theirs, string ours) = Ask(script, options);

        Assert.Contains("exit ", theirs, StringComparison.Ordinal);
        Assert.Equal(theirs, ours);
    }
}
