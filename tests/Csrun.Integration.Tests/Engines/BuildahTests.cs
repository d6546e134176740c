using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Engines;

/// <summary>buildah with csrun as the runtime of its steps (<c>--isolation oci</c>), rootless and as root.</summary>
public sealed class BuildahTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact(Needs = Need.SubIds | Need.Alpine | Need.Buildah)]
    public void An_ordinary_user_builds() => Builds(Identity.User);

    [RootFact(Needs = Need.Alpine | Need.Buildah)]
    public void Root_builds() => Builds(Identity.Root);

    private void Builds(Identity identity)
    {
        string place = Sandbox.Directory(identity, "buildah");
        // A rootless buildah enters its user namespace itself, but for mount, which needs it from outside.
        string script = $"""
            set -e
            M=$($B mount base); tar xzf $(echo {Host.ImagePath.Split(':')[0]}/alpine-minirootfs-3.20.3-*.tar.gz) -C $M 2>/dev/null || test -d $M/etc; $B umount base >/dev/null
            """;
        File.WriteAllText(Path.Combine(place, "fill"), script);
        File.WriteAllText(Path.Combine(place, "Dockerfile"), """
            FROM localhost/base
            RUN id -u && adduser -D somebody && echo built >/built && chown somebody /built
            USER somebody
            WORKDIR /work
            RUN id -un; pwd; grep -c . /proc/self/cgroup >/dev/null; cat /built
            """);
        Sandbox.Shell(identity, $$"""
            cd {{place}}; mkdir -m 0700 xdg; unset CSRUN_ROOT
            export XDG_RUNTIME_DIR=$PWD/xdg HOME=$PWD BUILDAH_ISOLATION=oci B="buildah --root $PWD/xdg/st --runroot $PWD/xdg/run"
            end() (umount xdg/st/overlay || umount xdg/st || true) 2>/dev/null
            trap end EXIT
            set -e
            $B from --name base scratch >/dev/null
            if [ $(id -u) = 0 ]; then sh fill; else buildah --root $PWD/xdg/st --runroot $PWD/xdg/run unshare sh fill; fi
            $B run --runtime $CSRUN --network none base -- sh -c 'id -u; cat /proc/1/comm; touch /made'
            $B commit -q base localhost/base >/dev/null
            $B bud -q --runtime $CSRUN --network none -t built . >log 2>&1 || { cat log; exit 1; }
            $B from --pull-never --name again localhost/built >/dev/null
            $B run --runtime $CSRUN --network none again -- sh -c 'id -un; pwd; stat -c %U /built; ls /made; exit 7' || echo $?
            $B rm -a >/dev/null; $B rmi -af >/dev/null
            """, TimeSpan.FromSeconds(120)).Succeeded().Output.Is("0\nsh\nsomebody\n/work\nsomebody\n/made\n7");
    }
}
