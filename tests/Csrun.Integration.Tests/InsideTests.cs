using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>A correct container, asserted from inside.</summary>
public sealed class InsideTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserTheory]
    [InlineData("SigIgn", "0000000000000000")]
    [InlineData("SigBlk", "0000000000000000")]
    [InlineData("SigCgt", "0000000000000000")]
    [InlineData("CapInh", "0000000000000000")]
    [InlineData("CapAmb", "0000000000000000")]
    [InlineData("CapEff", "00000000a80425fb")]
    [InlineData("CapPrm", "00000000a80425fb")]
    [InlineData("CapBnd", "00000000a80425fb")]
    [InlineData("NoNewPrivs", "0")]
    [InlineData("Seccomp", "2")]
    public void Status_is_dockers(string field, string value) => Run(Host.AnyImage, "grep", $"^{field}:", "/proc/self/status").Printed($"{field}:\t{value}");

    [UserFact]
    public void Only_descriptors_0_to_2_are_open() => Run(Host.AnyImage, "ls", "/proc/self/fd").Printed("0\n1\n2\n3"); // 3 is ls's own, for the listing

    [UserFact]
    public void Descriptors_that_the_caller_leaks_are_not_inherited() =>
        Sandbox.Shell(Identity.User, $"exec 7</etc/passwd 9>/dev/null; exec $CSRUN run {Host.AnyImage} ls /proc/self/fd").Printed("0\n1\n2\n3");

    [UserFact]
    public void Signals_that_the_caller_ignores_or_blocks_are_default_inside() =>
        Sandbox.Shell(Identity.User, $"trap '' PIPE INT HUP TERM USR1; exec $CSRUN run {Host.AnyImage} grep -E '^Sig(Ign|Blk):' /proc/self/status")
            .Printed("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000");

    [UserFact]
    public void The_command_is_process_1_with_its_own_session() =>
        Inside("echo $$; cut -d' ' -f6 /proc/self/stat").Printed("1\n1");

    [UserFact]
    public void Umask_is_0022() => Sandbox.Shell(Identity.User, $"umask 077; exec $CSRUN run {Host.AnyImage} sh -c umask").Printed("0022");

    [UserFact]
    public void The_environment_is_clean() =>
        Assert.Equal(
            ["HOME=/root", "HOSTNAME=box", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            Run("--hostname", "box", Host.AnyImage, "env").Succeeded().Output.Split('\n')
                .Where(line => line != "TERM=xterm").Order(StringComparer.Ordinal)); // Docker sets it with -t, podman always

    [UserFact]
    public void Home_comes_from_the_images_passwd_file() =>
        Inside("echo $HOME", "-u", "guest").Printed(Host.HasAlpine ? "/dev/null" : Inside("awk -F: '$1 == \"guest\" {print $6}' /etc/passwd").Output);

    [UserFact]
    public void Environment_options_add_and_pass_through()
    {
        RunResult result = Sandbox.Csrun(
            Identity.User,
            ["run", "-e", "A=1", "-e", "B", "-e", "NOTSET", "--env=C=x=y", Host.AnyImage, "sh", "-c", "echo $A,$B,${NOTSET-unset},$C"],
            null,
            new Dictionary<string, string?> { ["B"] = "from the caller" });
        result.Printed("1,from the caller,unset,x=y");
    }

    [UserFact]
    public void An_env_file_is_read()
    {
        string directory = Sandbox.Directory(Identity.User);
        File.WriteAllText(Path.Combine(directory, "env"), "# comment\n\nA=1\nB=two words\nHOME=/elsewhere\n");
        Inside("echo $A,$B,$HOME", "--env-file", Path.Combine(directory, "env")).Printed("1,two words,/elsewhere");
    }

    [UserFact]
    public void Hostname_is_set_and_in_etc_hosts() => Inside("hostname; grep -c -w box /etc/hosts", "--hostname", "box").Printed("box\n1");

    [UserFact]
    public void Working_directory_is_set() => Inside("pwd", "-w", "/var/lib").Printed("/var/lib");

    [UserFact]
    public void A_missing_working_directory_is_refused_as_podman_does() =>
        Inside("pwd", "-w", "/a/new/place").Refused(126, "/a/new/place", "does not exist in the container");

    [UserTheory]
    [InlineData("/dev/null", "1:3")]
    [InlineData("/dev/zero", "1:5")]
    [InlineData("/dev/full", "1:7")]
    [InlineData("/dev/random", "1:8")]
    [InlineData("/dev/urandom", "1:9")]
    [InlineData("/dev/tty", "5:0")]
    public void Standard_devices_are_the_real_ones(string device, string number) =>
        Inside($"test -c {device} && stat -c %t:%T {device}").Printed(number);

    [UserFact]
    public void Dev_links_and_mounts_are_there() =>
        Inside("for l in fd stdin stdout stderr ptmx; do readlink /dev/$l; done; for m in shm mqueue pts; do awk -v m=/dev/$m '$5 == m {sub(/.* - /, \"\"); print $1}' /proc/self/mountinfo; done")
            .Printed("/proc/self/fd\n/proc/self/fd/0\n/proc/self/fd/1\n/proc/self/fd/2\npts/ptmx\ntmpfs\nmqueue\ndevpts");

    [UserFact]
    public void Devices_can_be_used() => Inside("echo x > /dev/null && head -c 4 /dev/zero | wc -c && head -c 8 /dev/urandom | wc -c").Printed("4\n8");

    [UserTheory]
    [InlineData("/proc/kcore")]
    [InlineData("/proc/keys")]
    [InlineData("/proc/timer_list")]
    public void Masked_files_read_as_empty(string path) => Inside($"test ! -e {path} || wc -c < {path}").Succeeded().Output.Is("", "0");

    [UserTheory]
    [InlineData("/proc/acpi")]
    [InlineData("/proc/scsi")]
    [InlineData("/sys/firmware")]
    public void Masked_directories_are_empty(string path) => Inside($"test ! -d {path} || ls -A {path}").Printed("");

    [UserTheory]
    [InlineData("/proc/sys")]
    [InlineData("/proc/bus")]
    [InlineData("/proc/fs")]
    [InlineData("/proc/irq")]
    [InlineData("/proc/sysrq-trigger")]
    public void Read_only_paths_are_mounted_read_only(string path) =>
        Inside($"test ! -e {path} || awk '$5 == \"{path}\" {{split($6, o, \",\"); print o[1]}}' /proc/self/mountinfo").Succeeded().Output.Is("", "ro");

    [UserFact]
    public void Sys_is_read_only() => Assert.NotEqual(0, Inside("mkdir /sys/x 2>/dev/null || touch /sys/x 2>/dev/null").ExitCode);

    [UserFact]
    public void Only_the_containers_own_processes_are_seen() => Inside("set -- /proc/[0-9]*; echo $*").Printed("/proc/1");

    [UserFact]
    public void Nothing_of_the_host_is_mounted_inside() =>
        Assert.DoesNotContain("/.oldroot", Run(Host.AnyImage, "cat", "/proc/self/mountinfo").Succeeded().Output, StringComparison.Ordinal);

    [UserFact]
    public void The_host_is_not_reachable_through_dotdot() => Inside("cd /; cd ../../..; pwd; test ! -e /runtime.sln").Printed("/");

    [UserFact]
    public void The_loopback_interface_is_up_and_alone() =>
        Inside("ip -o link | awk '{print $2}'; ip -o link show lo | grep -c LOWER_UP; ping -c 1 -W 2 127.0.0.1 >/dev/null && echo answered").Printed("lo:\n1\nanswered");

    [UserFact]
    public void Network_host_has_the_hosts_interfaces()
    {
        string host = Sandbox.Shell(Identity.User, "ls /sys/class/net | wc -l").Succeeded().Output;
        Inside("tail -n +3 /proc/net/dev | wc -l", "--network", "host").Printed(host);
    }

    [UserFact]
    public void Each_container_has_its_own_writable_layer()
    {
        Inside("echo mine > /etc/hello && cat /etc/hello").Printed("mine");
        Inside("test ! -e /etc/hello").Succeeded();
    }

    [UserFact]
    public void Read_only_makes_the_root_read_only_but_not_dev() =>
        Inside("echo x > /etc/hello || echo refused; echo x > /dev/null && echo fine", "--read-only").Succeeded().Output.Is("refused\nfine");

    [UserFact]
    public void Tmpfs_is_mounted_with_its_options() =>
        Inside("stat -f -c %T /scratch; awk '$5 == \"/scratch\" {print $0}' /proc/self/mountinfo | grep -c -w size=1024k", "--tmpfs", "/scratch:size=1m").Printed("tmpfs\n1");

    [UserFact]
    public void A_volume_can_be_read_only()
    {
        string volume = Sandbox.Directory(Identity.User);
        RunResult result = Inside("echo x > /data/new", "-v", $"{volume}:/data:ro");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Read-only file system", result.Stderr, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(volume));
    }

    [UserFact]
    public void A_file_can_be_a_volume()
    {
        string directory = Sandbox.Directory(Identity.User);
        File.WriteAllText(Path.Combine(directory, "file"), "from the host");
        Inside("cat /etc/motd.d/file", "-v", $"{directory}/file:/etc/motd.d/file:ro").Printed("from the host");
    }

    [UserFact]
    public void Capabilities_can_be_dropped_and_added()
    {
        Inside("grep CapEff /proc/self/status", "--cap-drop", "all").Printed("CapEff:\t0000000000000000");
        Inside("grep CapEff /proc/self/status", "--cap-drop", "all", "--cap-add", "net_admin").Printed("CapEff:\t0000000000001000");
    }

    [UserFact(Needs = Need.SubIds)]
    public void Another_user_has_no_effective_capabilities() =>
        Inside("grep -E 'Cap(Prm|Eff|Amb)' /proc/self/status", "-u", "1000").Printed("CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapAmb:\t0000000000000000");

    [UserFact]
    public void No_new_privileges_and_unconfined_seccomp_can_be_asked_for()
    {
        Inside("grep NoNewPrivs /proc/self/status", "--security-opt", "no-new-privileges").Printed("NoNewPrivs:\t1");
        Inside("grep -w Seccomp: /proc/self/status", "--security-opt", "seccomp=unconfined").Printed("Seccomp:\t0");
    }

    [UserFact]
    public void Seccomp_refuses_what_docker_refuses() =>
        Assert.Contains("Operation not permitted", Inside("unshare -U true").Stderr, StringComparison.Ordinal);

    [UserFact]
    public void Limits_are_set() => Inside("ulimit -n; ulimit -c", "--ulimit", "nofile=123:456", "--ulimit", "core=0").Printed("123\n0");
}
