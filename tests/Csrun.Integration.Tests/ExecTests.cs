using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>csrun exec: a further process has what the container's first one has, and nothing of the host's.</summary>
public sealed class ExecTests(Sandbox sandbox) : ContainerTest(sandbox)
{
    private const string End = "that is all";
    private const string Restrictions = "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status; cat /proc/self/oom_score_adj";

    public static TheoryData<string> Modes => ["", "--userns keep-id", "--userns nomap", "--userns map=0:{SUBUID}:1000", "--network host", "--init", "--security-opt no-new-privileges", "--cap-drop ALL --cap-add CHOWN", "--security-opt seccomp=unconfined", "-u 1000:1000", "--read-only"];

    [UserTheory(Needs = Need.SubIds)]
    [MemberData(nameof(Modes))]
    public void A_further_process_is_as_restricted_as_the_first(string options) => IsAsRestricted(Identity.User, options);

    [RootTheory]
    [InlineData("")]
    [InlineData("--userns host")]
    [InlineData("--userns map=0:500000:65536")]
    [InlineData("--userns host --init --network host")]
    public void For_root_too(string options) => IsAsRestricted(Identity.Root, options);

    [NoSubIdsFact]
    public void For_a_user_with_one_id_too() => IsAsRestricted(Identity.NoSubIds, "");

    [UserFact]
    public void It_is_in_all_namespaces_of_the_container()
    {
        Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        string script = "for n in user mnt pid net ipc uts cgroup; do readlink /proc/self/ns/$n; readlink /proc/1/ns/$n; done";
        string[] links = Csrun("exec", "box", "sh", "-c", script).Succeeded().Output.Split('\n');
        Assert.Equal(14, links.Length);
        for (int i = 0; i < links.Length; i += 2)
        {
            Assert.Equal(links[i + 1], links[i]);
        }

        Assert.Equal(links[0], new FileInfo($"/proc/{Pid("box")}/ns/user").LinkTarget);
        Assert.NotEqual(links[4], new FileInfo("/proc/self/ns/pid").LinkTarget);
        Assert.Matches("^sleep\n.*ps", Csrun("exec", "box", "ps", "-o", "comm").Succeeded().Output.Replace("COMMAND\n", "", StringComparison.Ordinal));
    }

    [UserFact(Needs = Need.SubIds)]
    public void The_uid_map_is_the_containers()
    {
        Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        Account user = Host.Of(Identity.User);
        Assert.Equal([$"0 {user.Uid} 1", $"1 {user.SubUid} {user.SubUidCount}"], Csrun("exec", "box", "cat", "/proc/1/uid_map").Succeeded().Output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [UserTheory]
    [InlineData("")]
    [InlineData("-i")]
    public void Descriptors_0_to_2_and_no_others(string option)
    {
        Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        Sandbox.Shell(Identity.User, $"exec 3</ 4</etc 5</etc/passwd 9</dev/null; $CSRUN exec {option} box sh -c 'set -- /proc/self/fd/*; for fd; do test -e $fd && echo ${{fd##*/}}; done; true'")
            .Succeeded().Output.Is("0\n1\n2", "0\n1\n2\n3"); // 3 is the directory that the shell reads
    }

    [UserFact]
    public void The_working_directory_cannot_be_a_descriptor()
    {
        Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        for (int fd = 3; fd <= 20; fd++)
        {
            Sandbox.Shell(Identity.User, $"exec 7</ 8</etc; $CSRUN exec -w /proc/self/fd/{fd} box pwd").Refused(126, $"/proc/self/fd/{fd}");
        }

        Csrun("exec", "-w", "/proc/1/root", "box", "pwd").Refused(126, "/proc/1/root");
        Csrun("exec", "-w", "/tmp", "box", "pwd").Printed("/tmp");
        Csrun("exec", "-w", "/not/there", "box", "pwd").Refused(126, "does not exist");
    }

    [UserFact]
    public void Csruns_own_memory_is_closed_to_the_container()
    {
        // A process of the container that looks at every process it sees, while further ones come in (CVE-2016-9962, CVE-2019-5736).
        Detached("--name", "spy", Host.AnyImage, "sh", "-c", "while :; do for p in /proc/[0-9]*; do readlink $p/exe; done 2>/dev/null | grep csrun; done");
        for (int i = 0; i < 60; i++)
        {
            Csrun("exec", "spy", "true").Succeeded();
        }

        Csrun("logs", "spy").Printed("");
    }

    [UserFact]
    public void Users_are_the_containers_own_as_they_are_now()
    {
        Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        Csrun("exec", "box", "sh", "-c", "echo 'newbie:x:77:88::/home/newbie:/bin/sh' >> /etc/passwd; echo 'extra:x:99:newbie' >> /etc/group").Succeeded();
        Csrun("exec", "-u", "newbie", "box", "sh", "-c", "id -u; id -g; id -G; echo $HOME").Printed("77\n88\n88 99\n/home/newbie");
        Csrun("exec", "-u", "5:6", "box", "sh", "-c", "id -u; id -G").Printed("5\n6");
        Csrun("exec", "-u", "nosuch", "box", "id").Refused(125, "nosuch");
        Csrun("exec", "-u", "70000", "box", "id").Refused(125, "ID_NOT_MAPPED");
    }

    [UserFact]
    public void Variables_come_from_the_container_and_the_command_line()
    {
        Detached("--name", "box", "-e", "A=container", "-e", "B=container", "--hostname", "here", Host.AnyImage, "sleep", "1000");
        Csrun("exec", "-e", "B=exec", "-e", "C=new", "box", "sh", "-c", "echo $A $B $C $HOSTNAME $HOME; hostname").Printed("container exec new here /root\nhere");
    }

    [UserFact]
    public void Standard_input_comes_with_i_only()
    {
        Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        byte[] input = System.Text.Encoding.UTF8.GetBytes("three blind mice");
        Sandbox.Csrun(Identity.User, ["exec", "-i", "box", "wc", "-w"], input).Printed("3");
        Sandbox.Csrun(Identity.User, ["exec", "box", "wc", "-w"], input).Printed("0");
    }

    [UserFact(Needs = Need.Script)]
    public void T_gives_a_terminal_of_the_containers_own()
    {
        Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        string output = Sandbox.Terminal(Identity.User, "stty rows 31 cols 97; $CSRUN exec -it -u 33 box sh -c 'tty; stty size; stat -c %u $(tty); : >/dev/tty && echo mine'").Succeeded().Output;
        Assert.Equal("/dev/pts/0\n31 97\n33\nmine", output.Replace("\r", "", StringComparison.Ordinal).Trim('\n'));
    }

    [UserFact]
    public void A_file_in_place_of_devpts_is_no_terminal()
    {
        Detached("--name", "box", "--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined", Host.AnyImage, "sleep", "1000");
        Csrun("exec", "box", "sh", "-c", "umount /dev/pts; mount -t tmpfs none /dev/pts; mkfifo /dev/pts/ptmx").Succeeded();
        RunResult result = Csrun("exec", "-t", "box", "true");
        Assert.Equal(125, result.ExitCode);
        Assert.Contains("TIOCSPTLCK", result.Stderr, StringComparison.Ordinal);
    }

    [UserFact]
    public void Exit_codes_are_as_those_of_run()
    {
        Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        Csrun("exec", "box", "sh", "-c", "exit 42").Exited(42);
        Csrun("exec", "box", "sh", "-c", "kill -9 $$").Exited(137);
        Csrun("exec", "box", "no-such-command").Refused(127, "PATH");
        Csrun("exec", "box", "/etc").Refused(126, "directory");
        Csrun("exec", "nobox", "id").Refused(125, "no container is named");
        Csrun("kill", "box").Succeeded();
        Csrun("wait", "box").Printed("137");
        Csrun("exec", "box", "id").Refused(125, "does not run", "137");
    }

    [UserFact]
    public void In_the_background_it_goes_on_without_csrun()
    {
        Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        Csrun("exec", "-d", "box", "sh", "-c", "sleep 0.3; echo done > /tmp/file").Succeeded();
        for (int i = 0; i < 100 && Csrun("exec", "box", "cat", "/tmp/file").ExitCode != 0; i++)
        {
            Thread.Sleep(50);
        }

        Csrun("exec", "box", "cat", "/tmp/file").Printed("done");
    }

    [UserFact]
    public void A_pid_file_is_written_whole_or_the_process_does_not_go_on()
    {
        Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        string file = Path.Combine(Sandbox.Directory(Identity.User), "pid");
        string directory = Path.Combine(Path.GetDirectoryName(file)!, "directory");
        Sandbox.Shell(Identity.User, $"mkdir {directory}").Succeeded();
        Sandbox.Shell(Identity.User, $"$CSRUN exec -d --pid-file {file} box sleep 600 >/dev/null 2>&1").Succeeded(); // it has csrun's own streams, as runc has it
        Assert.Equal("sleep\0" + "600\0", File.ReadAllText($"/proc/{File.ReadAllText(file)}/cmdline"));
        Csrun("exec", "-d", "--pid-file", $"{file}/no/such", "box", "sleep", "700").Refused(125, "/pid/no/such", "is a file, not a directory");
        Csrun("exec", "-d", "--pid-file", directory, "box", "sleep", "700").Refused(125, "EISDIR", directory);
        Assert.DoesNotContain("sleep 700", Csrun("exec", "box", "ps", "-o", "args").Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal([directory, file], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal));
    }

    [UserFact]
    public void It_ends_with_the_container_and_with_csrun()
    {
        Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        using (System.Diagnostics.Process process = Sandbox.Start(Identity.User, [Host.Csrun, "exec", "box", "sh", "-c", "echo ready; sleep 500"]))
        {
            Assert.Equal("ready", process.StandardOutput.ReadLine());
            process.Kill();
            process.WaitForExit();
        }

        for (int i = 0; i < 100 && Csrun("exec", "box", "pgrep", "-f", "sleep 500").ExitCode == 0; i++)
        {
            Thread.Sleep(20);
        }

        // The shell was csrun's; what it had started is the container's.
        Assert.DoesNotContain("echo ready", Csrun("exec", "box", "ps", "-o", "args").Succeeded().Output, StringComparison.Ordinal);
        using System.Diagnostics.Process second = Sandbox.Start(Identity.User, [Host.Csrun, "exec", "box", "sh", "-c", "echo ready; exec sleep 500"]);
        Assert.Equal("ready", second.StandardOutput.ReadLine());
        Csrun("kill", "box").Succeeded();
        Tool.Finish(second, null, Tool.Patience).Exited(137);
    }

    [RootFact]
    public void Owners_are_as_the_articles_have_them()
    {
        // LXC 3: files that root and games make in a container on a mapped root.
        DetachedAs(Identity.Root, "--name", "lxc", "--userns", "map=0:100000:65536", Host.AnyImage, "sleep", "1000");
        string upper = $"{Sandbox.Root(Identity.Root)}/containers/{Inspect("lxc", Identity.Root).GetProperty("id").GetString()}/upper";
        Sandbox.Csrun(Identity.Root, "exec", "lxc", "touch", "/root/root-file").Succeeded();
        Sandbox.Csrun(Identity.Root, "exec", "lxc", "sh", "-c", "touch /tmp/testfile && chown 35:35 /tmp/testfile").Succeeded();
        Sandbox.Csrun(Identity.Root, "exec", "lxc", "stat", "-c", "%u", "/root/root-file", "/tmp/testfile").Printed("0\n35");
        Assert.Equal("100000\n100035", Tool.Check("stat", "-c", "%u", $"{upper}/root/root-file", $"{upper}/tmp/testfile").Trim());
    }

    private void IsAsRestricted(Identity identity, string options)
    {
        string[] words = options.Replace("{SUBUID}", $"{Host.Of(identity).SubUid}", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string name = $"r{Guid.NewGuid():N}";
        DetachedAs(identity, ["--name", name, .. words, Host.AnyImage, "sh", "-c", $"{Restrictions}; id -u; id -G; pwd; ulimit -n; umask; echo {End}; exec sleep 1000"]);
        string further = Sandbox.Csrun(identity, "exec", name, "sh", "-c", $"{Restrictions}; id -u; id -G; pwd; ulimit -n; umask").Succeeded().Output;
        Assert.Contains("CapInh:\t0000000000000000", further, StringComparison.Ordinal);
        Assert.Contains("CapAmb:\t0000000000000000", further, StringComparison.Ordinal);
        Assert.Contains(options.Contains("unconfined", StringComparison.Ordinal) ? "Seccomp:\t0" : "Seccomp:\t2", further, StringComparison.Ordinal);
        // The two run side by side, and run -d returns when the first one begins.
        string first = "";
        for (int i = 0; i < 250 && !first.EndsWith(End, StringComparison.Ordinal); i++)
        {
            Thread.Sleep(20);
            first = Sandbox.Csrun(identity, "logs", name).Succeeded().Output;
        }

        Assert.Equal(first, $"{further}\n{End}");
    }
}
