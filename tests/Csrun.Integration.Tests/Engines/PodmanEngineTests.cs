using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Engines;

/// <summary>podman, rootless and as root, with csrun as its runtime.</summary>
public sealed class PodmanEngineTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    private const Need Needs = Need.SubIds | Need.Alpine | Need.Podman;

    private const string Life = """
        run -d --name bg alpine sh -c 'echo said; exec sleep 1000' >/dev/null
        podman exec bg id -u
        podman exec -u 1000:1000 -w /tmp -e A=b bg sh -c 'id -u; pwd; echo $A'
        podman exec bg sh -c 'exit 9'; echo $?
        podman ps --format '{{.Names}}'
        podman logs bg
        podman kill bg
        podman wait bg
        podman rm bg
        run --rm alpine nosuch 2>/dev/null; echo $?
        run --rm alpine /etc/passwd 2>/dev/null; echo $?
        run --rm alpine sh -c 'exit 7'; echo $?
        """;

    private const string Lived = "0\n1000\n/tmp\nb\n9\nbg\nsaid\nbg\n137\nbg\n127\n126\n7";

    [UserFact(Needs = Needs)]
    public void The_life_of_a_rootless_container() => Assert.Equal(Lived, WithoutIds(Podman(Identity.User, Life)));

    [RootFact(Needs = Need.Alpine | Need.Podman)]
    public void The_life_of_roots_container() => Assert.Equal(Lived, WithoutIds(Podman(Identity.Root, Life)));

    [RootFact(Needs = Need.Alpine | Need.Podman)]
    public void Limits_pause_and_stats_as_root() => Assert.Equal("67108864\npaused\nawake\nst\nst", WithoutIds(Podman(Identity.Root, """
        run -d --name st --memory 64m alpine sleep 1000 >/dev/null
        podman exec st cat /sys/fs/cgroup/memory/memory.limit_in_bytes
        podman pause st >/dev/null; podman inspect -f '{{.State.Status}}' st; podman unpause st >/dev/null
        podman exec st echo awake
        podman stats --no-stream --format '{{.Name}}' st
        podman rm -t 0 -f st
        """)));

    [UserFact(Needs = Needs)]
    public void Owners_in_a_rootless_volume()
    {
        Account user = Host.Of(Identity.User);
        string output = Podman(Identity.User, """
            mkdir v; chmod 0777 v
            run --rm -v "$PWD/v:/v" alpine touch /v/root
            run --rm -u 1234:1234 -v "$PWD/v:/v" alpine touch /v/other
            run --rm --userns keep-id -v "$PWD/v:/v" alpine sh -c 'id -u; touch /v/kept'
            stat -c '%u %n' v/kept v/other v/root
            """);
        Assert.Equal($"{user.Uid}\n{user.Uid} v/kept\n{user.SubUid + 1233} v/other\n{user.Uid} v/root", output);
    }

    [UserFact(Needs = Needs)]
    public void A_pod_shares_its_namespaces() => Assert.Equal("same net\nsame ipc\nsame uts\npod", Podman(Identity.User, """
        podman pod create --name pod --network none --infra-image localhost/alpine --infra-command 'sleep 1000' >/dev/null
        podman run -d --pod pod --name one localhost/alpine sleep 1000 >/dev/null
        podman run -d --pod pod --name two localhost/alpine sleep 1000 >/dev/null
        for n in net ipc uts; do
            one=$(podman exec one readlink /proc/self/ns/$n); two=$(podman exec two readlink /proc/self/ns/$n)
            test -n "$one" && test "$one" = "$two" && echo same $n || echo "differs $n: $one, $two"
        done
        podman pod rm -t 0 -f pod >/dev/null; echo pod
        """));

    [UserTheory(Needs = Needs)]
    [InlineData("--pid host", "test -d /proc/1 && cat /proc/sys/net/ipv4/ping_group_range | tr -s '\t' ' '", "0 0")]
    [InlineData("--privileged", "ls /dev/null /dev/tty; head -c 1 /dev/zero | wc -c", "/dev/null\n/dev/tty\n1")]
    [InlineData("--read-only --tmpfs /t", "touch /x 2>/dev/null || echo sealed; touch /t/y /tmp/z && echo written", "sealed\nwritten")]
    [InlineData("--init", "cat /proc/1/comm", "catatonit")]
    [InlineData("--userns keep-id --umask 077", "id -u; umask", "{UID}\n0077")]
    [InlineData("--device /dev/fuse --cap-drop CHOWN --security-opt no-new-privileges", "ls /dev/fuse; grep -E 'NoNewPrivs|Seccomp:' /proc/self/status", "/dev/fuse\nNoNewPrivs:\t1\nSeccomp:\t2")]
    [InlineData("--ulimit core=0:0 --hostname h --sysctl net.ipv4.ip_forward=1", "ulimit -c; hostname; cat /proc/sys/net/ipv4/ip_forward", "0\nh\n1")]
    public void Options_hold(string options, string script, string output)
    {
        if (options == "--init" && !File.Exists("/usr/libexec/podman/catatonit"))
        {
            return; // podman has no init on this machine
        }

        Assert.Equal(output.Replace("{UID}", $"{Host.Of(Identity.User).Uid}", StringComparison.Ordinal), Podman(Identity.User, $"run --rm {options} alpine sh -c '{script.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
    }

    [UserFact(Needs = Needs)]
    public void Csrun_lists_podmans_containers_as_the_user() => Assert.Contains("running", Podman(Identity.User, """
        run -d --name seen alpine sleep 1000 >/dev/null
        env -u CSRUN_ROOT $CSRUN list
        podman rm -t 0 -f seen >/dev/null
        """), StringComparison.Ordinal);

    private string Podman(Identity identity, string script)
    {
        string place = Sandbox.Directory(identity, "podman");
        // podman's own limits are above what a root without CAP_SYS_RESOURCE may set.
        string limits = identity == Identity.Root ? "--ulimit nofile=1024:4096 --ulimit nproc=1000:1000" : "";
        return Sandbox.Shell(identity, $"""
            cd {place}; mkdir -m 0700 xdg; unset CSRUN_ROOT
            export XDG_RUNTIME_DIR=$PWD/xdg IMAGES={Host.ImagePath.Split(':')[0]}
            podman() (set -- --root $XDG_RUNTIME_DIR/st --runroot $XDG_RUNTIME_DIR/run --events-backend=none --cgroup-manager cgroupfs --runtime $CSRUN "$@"; command podman "$@")
            end() (kill $(cat xdg/libpod/tmp/pause.pid); umount xdg/st/overlay) 2>/dev/null
            trap end EXIT
            for image in "$IMAGES"/alpine-minirootfs-3.20.3-*.tar.gz; do podman import "$image" localhost/alpine >xdg/err 2>&1 || cat xdg/err; done
            run() (podman run --network none {limits} "$@")
            {script}
            """, TimeSpan.FromSeconds(120)).Succeeded().Output;
    }

    private static string WithoutIds(string output) => string.Join('\n', output.Split('\n').Where(line => line.Length != 64));
}
