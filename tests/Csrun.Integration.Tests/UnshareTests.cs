using System.Diagnostics;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>csrun unshare: a command of the host in a user namespace.</summary>
public sealed class UnshareTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact(Needs = Need.SubIds)]
    public void The_map_is_that_of_a_container_and_the_caller_is_root()
    {
        Account user = Host.User!;
        RunResult result = Shell("$CSRUN unshare sh -c 'id -u; id -g; cat /proc/self/uid_map /proc/self/gid_map'").Succeeded();
        string[] lines = result.Output.Split('\n');
        Assert.Equal(["0", "0"], lines[..2]);
        Assert.Equal(
            [$"0 {user.Uid} 1", $"1 {user.SubUid} {user.SubUidCount}", $"0 {user.Gid} 1", $"1 {user.SubGid} {user.SubGidCount}"],
            lines[2..].Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [UserFact(Needs = Need.SubIds)]
    public void A_chown_inside_is_seen_on_the_host()
    {
        string directory = Sandbox.Directory(Identity.User);
        Shell($"touch {directory}/f && $CSRUN unshare chown 35:36 {directory}/f").Succeeded();
        Assert.Equal($"{Host.User!.SubUid + 34} {Host.User.SubGid + 35}", Tool.Check("stat", "-c", "%u %g", $"{directory}/f").Trim());
        Shell($"$CSRUN unshare chown 0:0 {directory}/f && stat -c '%u %g' {directory}/f").Printed($"{Host.User.Uid} {Host.User.Gid}");
    }

    [UserFact]
    public void Mounts_can_be_made_inside_and_do_not_show_outside()
    {
        string directory = Sandbox.Directory(Identity.User);
        Shell($"$CSRUN unshare sh -c 'mount -t tmpfs none {directory} && touch {directory}/inside && ls {directory}'").Printed("inside");
        Assert.Empty(Directory.GetFileSystemEntries(directory));
    }

    [UserFact]
    public void The_command_is_the_callers_own_in_all_else()
    {
        // Descriptors (process substitution), working directory, umask, environment, process group and session.
        string[] lines = Shell("exec 7</etc/hostname 3</etc/passwd; cd /var/tmp; umask 027; export MARK='a b'; " +
            "$CSRUN unshare sh -c 'readlink /proc/self/fd/3 /proc/self/fd/7; pwd; umask; echo $MARK; ps -o pgid=,sid= $$' && ps -o pgid=,sid= $$")
            .Succeeded().Output.Split('\n');
        Assert.Equal(["/etc/passwd", "/etc/hostname", "/var/tmp", "0027", "a b"], lines[..5]);
        Assert.Equal(lines[6].Split(' ', StringSplitOptions.RemoveEmptyEntries), lines[5].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [UserFact]
    public void Nothing_of_csrun_stays_open_in_the_command() => Shell("$CSRUN unshare ls /proc/self/fd").Printed(Shell("ls /proc/self/fd").Output);

    [UserFact]
    public void Without_maps_everybody_is_nobody() =>
        Shell("$CSRUN unshare --no-map sh -c 'id -u; id -g; stat -c %u:%g /; wc -c </proc/self/uid_map'").Printed("65534\n65534\n65534:65534\n0");

    [UserFact(Needs = Need.SubIds)]
    public void Maps_are_written_from_outside_as_the_article_does()
    {
        Account user = Host.User!;
        using Process process = Sandbox.Start(Identity.User, [Host.Csrun, "unshare", "--no-map", "sh", "-c", "echo $$; read line; cat /proc/self/uid_map; stat -c %u:%g /"]);
        string pid = process.StandardOutput.ReadLine()!;
        Shell($"newuidmap {pid} 0 {user.SubUid} 65536 && newgidmap {pid} 0 {user.SubGid} 65536 && cat /proc/{pid}/uid_map /proc/{pid}/gid_map").Succeeded();
        RunResult result = Tool.Finish(process, "go\n"u8.ToArray(), Tool.Patience).Succeeded();
        Assert.Equal($"0 {user.SubUid} 65536", string.Join(' ', result.Output.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [UserTheory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -KILL $$", 137)]
    public void The_exit_code_is_the_commands(string script, int code) => Sandbox.Csrun(Identity.User, "unshare", "sh", "-c", script).Exited(code);

    [UserFact]
    public void A_missing_command_and_one_that_cannot_be_executed_are_told_apart()
    {
        Sandbox.Csrun(Identity.User, "unshare", "no-such-command").Refused(127, "no-such-command", "in PATH");
        Sandbox.Csrun(Identity.User, "unshare", "/no/such").Refused(127, "there is no file");
        Sandbox.Csrun(Identity.User, "unshare", "/etc/passwd").Refused(126, "nobody may execute it");
        Sandbox.Csrun(Identity.User, "unshare", "/etc").Refused(126, "is a directory");
    }

    [UserTheory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    [InlineData("USR1")]
    [InlineData("INT")]
    public void Signals_to_csrun_reach_the_command(string signal)
    {
        using Process process = Sandbox.Start(Identity.User, [Host.Csrun, "unshare", "sh", "-c", $"trap 'exit 42' {signal}; echo ready; while :; do sleep 0.05; done"]);
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        Tool.Check("kill", "-" + signal, $"{process.Id}");
        Tool.Finish(process, null, Tool.Patience).Exited(42);
    }

    [UserFact(Needs = Need.Script)]
    public void What_is_typed_reaches_the_command_once()
    {
        const string Script = "n=0; trap \"n=\\$((n+1))\" INT; echo up; for i in 1 2 3 4 5 6; do sleep 0.1; done; echo interrupts=$n";
        using Process process = Sandbox.Start(Identity.User, ["/usr/bin/script", "-qec", $"exec $CSRUN unshare sh -c '{Script}'", "/dev/null"]);
        Assert.Equal("up", process.StandardOutput.ReadLine()?.TrimEnd('\r'));
        process.StandardInput.Write('\u0003');
        process.StandardInput.Flush();
        Assert.Contains("interrupts=1", Tool.Finish(process, null, Tool.Patience, endInput: false).Stdout, StringComparison.Ordinal);
    }

    [UserFact(Needs = Need.Script)]
    public void An_interactive_shell_has_job_control() =>
        Assert.Contains("ran-in-0", Sandbox.Terminal(Identity.User, "echo 'sleep 0.1 & wait %1 && echo ran-in-$(id -u); exit 5' | $CSRUN unshare bash -i; echo code=$?").Stdout, StringComparison.Ordinal);

    [UserFact]
    public void The_plan_is_explained_and_not_carried_out()
    {
        RunResult result = Shell("$CSRUN unshare --explain=strace touch /var/tmp/csrun-must-not-exist; test ! -e /var/tmp/csrun-must-not-exist").Succeeded();
        Assert.Contains("unshare(CLONE_NEWNS)", result.Stdout, StringComparison.Ordinal);
        Assert.Contains("execve(\"/usr/bin/touch\"", result.Stdout, StringComparison.Ordinal);
    }

    [UserFact]
    public void The_command_ends_when_csrun_is_killed()
    {
        Sandbox.Csrun(Identity.User, "unshare", "true").Succeeded();
        Leftovers before = Leftovers.Before(Sandbox, Identity.User);
        using Process process = Sandbox.Start(Identity.User, [Host.Csrun, "unshare", "sh", "-c", "echo ready; exec sleep 100"]);
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        Tool.Check("kill", "-KILL", $"{process.Id}");
        Tool.Finish(process, null, Tool.Patience).Exited(137);
        before.AssertNone();
    }

    [NoSubIdsFact]
    public void Without_subordinate_ids_the_caller_alone_is_mapped()
    {
        RunResult result = Sandbox.Csrun(Identity.NoSubIds, "unshare", "sh", "-c", "id -u; cat /proc/self/setgroups").Printed("0\ndeny");
        Assert.Contains("[NOSUBID]", result.Stderr, StringComparison.Ordinal);
    }

    [RootFact]
    public void As_root_user_0_is_a_subordinate_id_and_keep_id_is_root()
    {
        RunResult inside = Sandbox.Csrun(Identity.Root, "unshare", "sh", "-c", "id -u; awk '{print $1, $3}' /proc/self/uid_map; stat -c %u /").Succeeded();
        Assert.Equal(["0", "0 65536", "65534"], inside.Output.Split('\n'));
        Sandbox.Csrun(Identity.Root, "unshare", "--userns", "keep-id", "sh", "-c", "id -u; stat -c %u /").Printed("0\n0");
        Sandbox.Csrun(Identity.Root, "unshare", "--userns", "host", "id").Refused(125, "makes no user namespace");
    }

    private RunResult Shell(string command) => Sandbox.Shell(Identity.User, command);
}
