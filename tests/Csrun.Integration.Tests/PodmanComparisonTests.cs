using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>The real podman of this machine, asked the same as csrun: IDs and maps inside, and owners on both sides of a volume, have to be the same.</summary>
public sealed class PodmanComparisonTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    // Numbers: podman writes the caller into the image's passwd and group, so names differ.
    private const string Ids = "id -u; id -g; id -G";

    private const string Owners = "touch /v/new; stat -c %u:%g /v /v/host /v/new";

    [UserTheory(Needs = Need.SubIds | Need.Alpine | Need.Podman)]
    [InlineData("id")]
    [InlineData("cat /proc/self/uid_map /proc/self/gid_map")]
    [InlineData(Ids, "--user", "1000:1000")]
    [InlineData("id", "--user", "games")]
    [InlineData(Owners)]
    [InlineData(Owners, "--user", "1234:1234")]
    [InlineData("id -u; id -g; " + Owners, "--userns", "keep-id")]
    [InlineData("id -u; id -g; " + Owners, "--userns", "keep-id:uid=200,gid=210")]
    [InlineData("stat -c %u:%g /v /v/host", "--userns", "nomap")]
    [InlineData("exit 7")]
    [InlineData("/etc")]
    public void An_ordinary_user_sees_the_same(string script, params string[] options) =>
        Same(Identity.User, script, options, options);

    [RootTheory(Needs = Need.Alpine | Need.Podman)]
    [InlineData("id")]
    [InlineData("cat /proc/self/uid_map /proc/self/gid_map")]
    [InlineData(Ids, "--user", "1000:1000")]
    [InlineData(Owners)]
    [InlineData(Owners, "--user", "1234:1234")]
    public void Root_with_the_hosts_user_namespace_sees_the_same(string script, params string[] options) =>
        // podman's own limits are above what a root without CAP_SYS_RESOURCE may set.
        Same(Identity.Root, script, ["--ulimit", "nofile=1024:4096", "--ulimit", "nproc=1000:1000", .. options], ["--userns", "host", .. options]);

    private void Same(Identity identity, string script, string[] podman, string[] csrun)
    {
        // crun refuses this machine's control groups; podman's own network would need more of the machine.
        string theirs = Ask(identity, script, $"""
            export XDG_RUNTIME_DIR=$PWD/xdg IMAGES={Host.ImagePath.Split(':')[0]}
            podman() (set -- --root $XDG_RUNTIME_DIR/st --runroot $XDG_RUNTIME_DIR/run --events-backend=none --cgroup-manager cgroupfs --runtime runc "$@"; command podman "$@")
            end() (kill $(cat xdg/libpod/tmp/pause.pid); umount xdg/st/overlay) 2>/dev/null
            trap end EXIT
            for image in "$IMAGES"/alpine-minirootfs-3.20.3-*.tar.gz; do podman import "$image" localhost/alpine >xdg/err 2>&1 || cat xdg/err; done
            run() (podman run --rm --network host {string.Join(' ', podman)} -v "$PWD/v:/v" localhost/alpine sh -c "$1")
            """);
        string ours = Ask(identity, script, $"""run() ($CSRUN run --rm {string.Join(' ', csrun)} -v "$PWD/v:/v" alpine sh -c "$1")""");

        Assert.Contains("exit ", theirs, StringComparison.Ordinal);
        Assert.Equal(theirs, ours);
    }

    // What the container printed, its exit code, and what the host sees in the volume afterwards.
    private string Ask(Identity identity, string script, string preparation)
    {
        string place = Sandbox.Directory(identity, "place");
        return Sandbox.Shell(identity, $"""
            cd {place}; mkdir -m 0700 xdg; mkdir v; chmod 0777 v; echo x >v/host
            {preparation}
            run '{script}' 2>err
            echo exit $?
            stat -c '%u:%g %n' v/*
            """).Succeeded().Stdout;
    }
}
