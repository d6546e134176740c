using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Docker;

/// <summary>The real rootful Docker of this machine beside <c>csrun run --userns host</c> as root.</summary>
public sealed class RootfulDockerTests(Sandbox sandbox, RootfulDocker docker) : DockerComparison(sandbox, docker), IClassFixture<RootfulDocker>
{
    private const string Environ = "tr '\\0' '\\n' </proc/1/environ | sort";

    /// <summary>Options of the mounts that both make. Left out: /, which Docker does not make nodev (see below); /etc's three files and
    /// /sys/fs/cgroup, which the two take from different file systems; masked files and directories, which csrun covers more strictly.</summary>
    private const string MountOptions = "grep -E ' /(dev|dev/pts|dev/shm|dev/mqueue|proc|proc/(bus|fs|irq|sys|sysrq-trigger)|sys|v) ' /proc/self/mountinfo | cut -d' ' -f5,6 | sort";

    /// <summary>What is hidden (nothing to read, nothing to list) and what cannot be written. Not /proc/interrupts, which Docker hides since version 28.</summary>
    private const string Hidden = """
        for f in /proc/acpi /proc/asound /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list /proc/timer_stats /proc/sched_debug /proc/scsi /sys/firmware /sys/devices/virtual/powercap; do
            test -e $f && { echo $f; head -c 1 $f 2>/dev/null | wc -c; ls -A $f | wc -l; }
        done
        for f in /proc/sys/kernel/panic /proc/sysrq-trigger /proc/irq/default_smp_affinity /sys/kernel/uevent_seqnum; do sh -c "echo 1 >$f" 2>&1; done
        """;

    /// <summary>What the filter and the missing capabilities refuse.</summary>
    private const string Refused = "unshare -U true; unshare -m true; mount -t tmpfs x /mnt; umount /v; dmesg; hostname z; date -s 2020-01-01; chroot / true; swapoff /x; nice -n -5 true; losetup /dev/loop0 /etc/passwd; su games -s /bin/sh -c id; chown 5:5 /tmp; setfattr -n trusted.x /tmp; mknod /tmp/p p && ls -l /tmp/p | cut -c1-10";

    [RootTheory(Needs = Need.Alpine | Need.Docker)]
    [InlineData(Id)]
    [InlineData(Id, "--user", "1000:1000")]
    [InlineData(Id, "--user", "games")]
    [InlineData(Id, "--user", "35:5")]
    [InlineData(Id, "--user", "1000", "--group-add", "5", "--group-add", "video")]
    [InlineData(Maps)]
    [InlineData(Owners)]
    [InlineData(Owners, "--user", "1000:1000")]
    [InlineData(Rights, "--cap-drop", "MKNOD")]
    [InlineData(Rights, "--cap-drop", "MKNOD", "--user", "1000:1000")]
    [InlineData(Rights, "--cap-add", "SYS_ADMIN", "--cap-add", "MKNOD", "--cap-drop", "CHOWN")]
    [InlineData(Rights, "--cap-drop", "ALL", "--cap-add", "NET_BIND_SERVICE")]
    [InlineData(Rights, "--cap-drop", "MKNOD", "--security-opt", "no-new-privileges")]
    [InlineData(Rights, "--cap-drop", "MKNOD", "--security-opt", "seccomp=unconfined")]
    [InlineData(Refused)]
    [InlineData(Devices)]
    [InlineData(MountOptions)]
    [InlineData(Hidden)]
    [InlineData("grep ' /t ' /proc/mounts; stat -c %a /t", "--tmpfs", "/t:size=1m,mode=700")]
    [InlineData("touch /x /etc/x /tmp/x /dev/x /dev/shm/x /v/x", "--read-only")]
    [InlineData(Environ + "; pwd; umask", "-e", "A=b c", "-w", "/tmp")]
    [InlineData(Environ, "--user", "guest")]
    [InlineData("ulimit -n; ulimit -H -n; cat /proc/self/oom_score_adj", "--ulimit", "nofile=100:200")]
    [InlineData("exit 7")]
    [InlineData("/etc")]
    [InlineData("/no/such/program")]
    [InlineData("kill -9 $$", "--init")]
    [InlineData("kill -15 $$", "--init")]
    [InlineData(Id, "--user", "nosuchuser")]
    [InlineData(Id, "--user", "root:nosuchgroup")]
    [InlineData(Id, "--user", "4294967295")]
    public void Root_with_the_hosts_user_namespace_sees_the_same(string script, params string[] options)
    {
        (string theirs, string ours) = Ask(script, options, onlyCsrun: ["--userns", "host"]);

        Assert.Contains("exit ", theirs, StringComparison.Ordinal);
        Assert.Equal(theirs, ours);
    }

    /// <summary>Docker forbids devices by a control group, csrun, which makes none yet, by leaving the capability out (ADR-0020).</summary>
    [RootFact(Needs = Need.Alpine | Need.Docker)]
    public void Of_the_capabilities_only_mknod_is_missing()
    {
        (string theirs, string ours) = Ask("grep Cap /proc/self/status", [], onlyCsrun: ["--userns", "host"]);

        Assert.Contains("CapBnd:\t00000000a80425fb", theirs, StringComparison.Ordinal);
        Assert.Equal(theirs.Replace("a80425fb", "a00425fb", StringComparison.Ordinal), ours);
    }

    /// <summary>Neither with the capability nor without does a node that the container makes lead to the host's device.</summary>
    [RootFact(Needs = Need.Alpine | Need.Docker)]
    public void No_node_of_the_containers_opens_the_hosts_device()
    {
        const string Script = "mknod /tmp/fuse c 10 229 2>/dev/null; (exec 3</tmp/fuse) 2>/dev/null && echo opened";
        (string theirs, string ours) = Ask(Script, [], onlyCsrun: ["--userns", "host"]);
        (_, string added) = Ask(Script, ["--cap-add", "MKNOD"], onlyCsrun: ["--userns", "host"]);

        Assert.StartsWith("exit 1\n", theirs, StringComparison.Ordinal);
        Assert.Equal(theirs, ours);
        Assert.Equal(theirs, added);
    }

    /// <summary>What covers a masked file is a device node; in Docker the container's own, in csrun the host's, which nothing may change.</summary>
    [RootFact(Needs = Need.Alpine | Need.Docker)]
    public void A_change_of_a_masked_file_does_not_reach_the_host()
    {
        string before = Tool.Check("stat", "-c", "%a %u:%g", "/dev/null");
        try
        {
            Ask("chmod 0600 /proc/keys; chown 5:5 /proc/keys; chmod 0600 /dev/null /dev/zero", [], onlyCsrun: ["--userns", "host"]);
            Assert.Equal(before, Tool.Check("stat", "-c", "%a %u:%g", "/dev/null"));
        }
        finally
        {
            Tool.Check("chmod", "0666", "/dev/null");
            Tool.Check("chown", "root:root", "/dev/null");
        }
    }

    /// <summary>Where csrun does otherwise, and why.</summary>
    [RootTheory(Needs = Need.Alpine | Need.Docker)]
    [InlineData("exit 0\n", "exit 126\n", "a directory that is not there is a mistake in -w, as in podman; Docker makes it", "true", "-w", "/no/such/directory")]
    [InlineData("uid=0(root) gid=100(users) groups=100(users)\nexit 0\n", "exit 125\n", "a group without a user is taken for a slip", Id, "--user", ":100")]
    [InlineData("exit 1\n", "exit 0\n", "the image is left as it is: no /.dockerenv", "test ! -e /.dockerenv")]
    [InlineData("0\nexit 0\n", "1024\nexit 0\n", "no kernel parameter is changed unasked; --sysctl comes with the networks", "cat /proc/sys/net/ipv4/ip_unprivileged_port_start")]
    public void Here_csrun_differs(string docker, string csrun, string why, string script, params string[] options)
    {
        (string theirs, string ours) = Ask(script, options, onlyCsrun: ["--userns", "host"]);

        Assert.True(theirs.StartsWith(docker, StringComparison.Ordinal), $"Docker ({why}): {theirs}");
        Assert.True(ours.StartsWith(csrun, StringComparison.Ordinal), $"csrun ({why}): {ours}");
    }
}
