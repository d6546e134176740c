using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Engines;

/// <summary>containerd and its shim for runc, by ctr(8), with csrun as the shim's binary: as Kubernetes calls it.</summary>
public sealed class ContainerdTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [RootFact(Needs = Need.Docker)]
    public void Run_exec_kill_and_delete()
    {
        string place = Sandbox.Directory(Identity.Root, "containerd");
        string rootfs = TestRootfs.Make(Sandbox, Identity.Root);
        // In namespaces of its own: nothing of it is left when the shell has ended.
        string script = $"""
            set -e; D={place}
            mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /opt
            printf 'version = 2\nroot = "%s/root"\nstate = "/run/c"\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n[grpc]\naddress = "/run/c.sock"\n' $D >$D/config.toml
            containerd --config $D/config.toml >$D/log 2>&1 </dev/null &
            ctr() (command ctr -a /run/c.sock "$@")
            for i in $(seq 100); do ctr version >/dev/null 2>&1 && break; sleep 0.1; done
            ctr run --rm --runc-binary $CSRUN --rootfs {rootfs} once sh -c 'id -u; grep Seccomp: /proc/self/status'
            ctr run -d --runc-binary $CSRUN --rootfs {rootfs} life sleep 1000
            ctr task exec --exec-id e1 life cat /proc/1/comm
            ctr task ls | grep -o 'life.*RUNNING' | tr -s ' ' | sed 's/ [0-9]* / /'
            ctr task pause life; ctr task ls | grep -o 'life.*PAUSED' | tr -s ' ' | sed 's/ [0-9]* / /'; ctr task resume life
            ctr task metrics life >/dev/null && echo measured
            ctr task kill -s SIGKILL life
            for i in $(seq 100); do ctr task ls | grep -q STOPPED && break; sleep 0.1; done
            ctr task delete life 2>&1 | grep -o 'exit code 137'
            ctr container delete life
            ctr task ls -q; ctr container ls -q
            """;
        File.WriteAllText(Path.Combine(place, "script"), script);
        Sandbox.Shell(Identity.Root, $"unshare --mount --propagation private --pid --fork --mount-proc --kill-child sh {place}/script", TimeSpan.FromSeconds(60))
            .Succeeded().Output.Is("0\nSeccomp:\t0\nsleep\nlife RUNNING\nlife PAUSED\nmeasured\nexit code 137");
    }
}
