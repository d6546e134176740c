using System.Diagnostics;
using System.Text;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>Standard streams, signals and the terminal.</summary>
public sealed class StreamTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact]
    public void Standard_input_reaches_the_container() =>
        Sandbox.Csrun(Identity.User, ["run", "-i", Host.AnyImage, "wc", "-c"], new byte[1_000_000]).Printed("1000000");

    [UserFact]
    public void Bytes_pass_unchanged_in_both_directions()
    {
        string text = string.Concat(Enumerable.Range(1, 2000).Select(i => (char)(i % 0x700 + 1))) + "\r\n\0end";
        RunResult result = Sandbox.Csrun(Identity.User, ["run", "-i", Host.AnyImage, "cat"], Encoding.UTF8.GetBytes(text)).Succeeded();
        Assert.Equal(text, result.Stdout);
    }

    [UserFact]
    public void Without_i_standard_input_is_empty() =>
        Sandbox.Csrun(Identity.User, ["run", Host.AnyImage, "wc", "-c"], Encoding.UTF8.GetBytes("not for the container")).Printed("0");

    [UserFact]
    public void Standard_output_and_error_stay_apart()
    {
        RunResult result = Inside("echo out; echo err >&2").Printed("out");
        Assert.Equal("err\n", result.Stderr);
    }

    [UserFact]
    public void A_reader_that_goes_away_ends_the_container() =>
        Sandbox.Shell(Identity.User, $"$CSRUN run {Host.AnyImage} yes | head -n 1; echo done").Printed("y\ndone");

    [UserTheory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    [InlineData("USR1")]
    [InlineData("USR2")]
    [InlineData("INT")]
    public void Signals_to_csrun_reach_the_container(string signal)
    {
        using Process process = Sandbox.Start(
            Identity.User,
            [Host.Csrun, "run", Host.AnyImage, "sh", "-c", $"trap 'echo got {signal}; exit 42' {signal}; echo ready; while :; do sleep 0.05; done"]);
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        Tool.Check("kill", "-" + signal, $"{process.Id}");
        Tool.Finish(process, null, Tool.Patience).Exited(42);
    }

    [UserFact]
    public void Init_reaps_orphans_and_passes_the_exit_code() =>
        Run("--init", Host.AnyImage, "sh", "-c", "(sleep 0.1 &) ; sleep 0.4; grep -l '^State:.Z' /proc/[0-9]*/status; exit 9").Exited(9);

    [UserFact]
    public void Init_is_process_1_and_the_command_is_not() => Assert.NotEqual("1", Inside("echo $$", "--init").Succeeded().Output);

    [UserFact(Needs = Need.Script)]
    public void T_gives_a_terminal_of_the_containers_own() =>
        Assert.Equal("/dev/pts/0", Terminal($"$CSRUN run -t {Host.AnyImage} tty"));

    [UserFact(Needs = Need.Script)]
    public void The_terminal_is_the_controlling_one_and_its_owner_is_the_user() =>
        Assert.Equal("0 yes", Terminal($"$CSRUN run -t {Host.AnyImage} sh -c 'echo $(stat -c %u $(tty)) $(: >/dev/tty && echo yes)'"));

    [UserFact(Needs = Need.Script)]
    public void The_terminal_has_the_callers_size() =>
        Assert.Equal("31 97", Terminal($"stty rows 31 cols 97; $CSRUN run -it {Host.AnyImage} stty size"));

    [UserFact(Needs = Need.Script)]
    public void A_new_window_size_reaches_the_container() =>
        Assert.Equal("50 80", Terminal(
            $"stty rows 24 cols 70; (sleep 0.5; stty rows 50 cols 80 </dev/tty) & $CSRUN run -it {Host.AnyImage} sh -c 'sleep 1.5; stty size'"));

    [UserFact(Needs = Need.Script)]
    public void The_callers_terminal_is_restored() =>
        Assert.Equal("same", Terminal($"a=$(stty -g); $CSRUN run -it {Host.AnyImage} true; b=$(stty -g); [ \"$a\" = \"$b\" ] && echo same || echo $a $b"));

    [UserFact(Needs = Need.Script)]
    public void The_callers_terminal_is_restored_when_csrun_is_told_to_end() =>
        Assert.EndsWith("same", Terminal(
            $"a=$(stty -g); $CSRUN run -it {Host.AnyImage} sleep 20 & p=$!; sleep 0.5; kill -TERM $p; sleep 0.3; kill -KILL $p 2>/dev/null; wait $p; [ \"$a\" = \"$(stty -g)\" ] && echo same"),
            StringComparison.Ordinal);

    [UserFact(Needs = Need.Script)]
    public void Term_is_passed_to_a_terminal() => Assert.Equal("xterm", Terminal($"$CSRUN run -t {Host.AnyImage} sh -c 'echo $TERM'"));

    [UserFact(Needs = Need.Script)]
    public void The_exit_code_passes_through_a_terminal() => Sandbox.Terminal(Identity.User, $"$CSRUN run -it {Host.AnyImage} sh -c 'exit 7'").Exited(7);

    [UserFact]
    public void T_on_a_pipe_gives_the_container_a_terminal_all_the_same() =>
        Run("-t", Host.AnyImage, "sh", "-c", "test -t 1 && echo terminal").Succeeded().Output.TrimEnd('\r').Is("terminal");

    private string Terminal(string command) =>
        Sandbox.Terminal(Identity.User, command).Succeeded().Output.Replace("\r", "", StringComparison.Ordinal).Trim('\n');
}
