using System.Text.Json;
using Csrun.Commands;
using Csrun.Linux;
using Csrun.Plan.Requests;
using Csrun.Terminal;

namespace Csrun.Cli.Tests;

public sealed class VerbTests
{
    [Theory]
    [InlineData("images", "images quiet=False json=False")]
    [InlineData("images|-q", "images quiet=True json=False")]
    [InlineData("images|--format|json", "images quiet=False json=True")]
    [InlineData("image|unpack|alpine|./r", "unpack alpine ./r")]
    [InlineData("image|unpack|--|alpine|-r", "unpack alpine -r")]
    [InlineData("image|rm|a|b", "remove [a b] all=False")]
    [InlineData("image|rm|a|--debug|b", "remove [a b] all=False")]
    [InlineData("image|rm|--all", "remove [] all=True")]
    [InlineData("idmap|mount|--map-mount|b:0:1:2|a|b", "idmap mount b:0:1:2 recursive=False [] a b")]
    [InlineData("idmap|mount|--recursive|--map-mount=u:0:1:2|a|b|--map-mount|g:0:1:2|-o|ro,nosuid|-onodev", "idmap mount u:0:1:2+g:0:1:2 recursive=True [ro nosuid nodev] a b")]
    [InlineData("idmap|umount|/mnt", "idmap umount /mnt recursive=False lazy=False")]
    [InlineData("idmap|whose|a|b", "idmap whose a+b json=False")]
    [InlineData("idmap|probe", "idmap probe  json=False")]
    [InlineData("idmap|probe|/a|--json", "idmap probe /a json=True")]
    [InlineData("idmap|import-lxc|f|--output|o", "idmap import-lxc f o")]
    [InlineData("idmap|show", "idmap show  json=False")]
    [InlineData("idmap|show|42|--json", "idmap show 42 json=True")]
    [InlineData("idmap|translate|5|/f|--gid|--from|disk|--map|0:1:2|--map-mount|b:0:1:2|--draw", "idmap translate 5+/f False True Disk  0:1:2 b:0:1:2 json=False draw=True")]
    [InlineData("idmap|translate|--container|box|5", "idmap translate 5 False False  box   json=False draw=False")]
    [InlineData("idmap|translate|--pid|7|5|--json", "idmap translate 5 False False  7   json=True draw=False")]
    [InlineData("idmap|umount|-l|--recursive|/mnt", "idmap umount /mnt recursive=True lazy=True")]
    public void Verbs_reach_the_engine(string argv, string asked)
    {
        Cli cli = Cli.Run(argv.Split('|'));

        Assert.Equal("", cli.Stderr);
        Assert.Equal(asked, cli.Asked);
    }

    [Theory]
    [InlineData("ps", "ps all=False quiet=False json=False")]
    [InlineData("ps|-aq", "ps all=True quiet=True json=False")]
    [InlineData("ps|-f|json|box", "processes box json=True []")]
    [InlineData("ps|box|-eo|pid,args", "processes box json=False [-eo pid,args]")]
    [InlineData("pause|a|b", "pause [a b]")]
    [InlineData("unpause|a", "resume [a]")]
    [InlineData("resume|a", "resume [a]")]
    [InlineData("events|--stats|box", "events box once=True 5")]
    [InlineData("events|--interval|500ms|box", "events box once=False 0.5")]
    [InlineData("stats|--no-stream|--json", "stats [] once=True 5 json=True")]
    [InlineData("stats|-i|2|a|b", "stats [a b] once=False 2 json=False")]
    [InlineData("top|box", "top box json=False")]
    [InlineData("update|--memory|64m|box", "update box")]
    [InlineData("ps|--json", "ps all=False quiet=False json=True")]
    [InlineData("rm|-f|a|b", "rm [a b] force=True")]
    [InlineData("exec|box|ls|-l|--help", "exec box [ls -l --help]")]
    [InlineData("exec|--|box|ls", "exec box [ls]")]
    [InlineData("stop|a|b", "stop [a b] 10 SIGTERM")]
    [InlineData("stop|-t|0.5|-s|int|a", "stop [a] 0.5 SIGINT")]
    [InlineData("kill|a", "kill [a] SIGKILL")]
    [InlineData("kill|-s|SIGusr1|a", "kill [a] SIGUSR1")]
    [InlineData("kill|-s|15|a", "kill [a] SIGTERM")]
    [InlineData("kill|-s|34|a", "kill [a] 34")]
    [InlineData("kill|a|TERM", "signal a SIGTERM all=False")]
    [InlineData("kill|a|9", "signal a SIGKILL all=False")]
    [InlineData("kill|--all|a|15", "signal a SIGTERM all=True")]
    [InlineData("kill|a|b", "kill [a b] SIGKILL")]
    [InlineData("create|a", "create a bundle=. console= pid= fds=0 keyring=False explain=")]
    [InlineData("create|--bundle|/b|--pid-file|/p|--console-socket|/s|--preserve-fds|2|--no-new-keyring|a", "create a bundle=/b console=/s pid=/p fds=2 keyring=True explain=")]
    [InlineData("create|--explain=strace|a", "create a bundle=. console= pid= fds=0 keyring=False explain=Strace")]
    [InlineData("start|a", "start [a]")]
    [InlineData("state|a", "state a")]
    [InlineData("spec", "spec bundle=. rootless=False")]
    [InlineData("spec|-b|/box|--rootless", "spec bundle=/box rootless=True")]
    [InlineData("--rootless|true|spec", "spec bundle=. rootless=False")]
    [InlineData("--rootless=auto|spec|--rootless", "spec bundle=. rootless=True")]
    [InlineData("--rootless=auto|state|a", "state a")]
    [InlineData("features", "features")]
    [InlineData("delete|--force|a", "delete a force=True")]
    [InlineData("list|-q", "list quiet=True json=False")]
    [InlineData("list|--format|json", "list quiet=False json=True")]
    [InlineData("wait|a|b", "wait [a b]")]
    [InlineData("logs|-f|a", "logs a follow=True")]
    [InlineData("inspect|a", "inspect [a]")]
    public void Container_verbs_reach_the_engine(string argv, string asked)
    {
        Cli cli = Cli.Run(argv.Split('|'));

        Assert.Equal("", cli.Stderr);
        Assert.Equal(asked, cli.Asked);
    }

    [Theory]
    [InlineData("ps|-f|xml|x", "table or json")]
    [InlineData("pause", "operands are missing")]
    [InlineData("update|box", "nothing is to be changed")]
    [InlineData("update|--cpus|x|box", "number of processors")]
    [InlineData("update|--pids-limit|-2|box", "whole number")]
    [InlineData("events|--interval|0|box", "above 0")]
    [InlineData("rm", "CONTAINER...")]
    [InlineData("exec", "CONTAINER COMMAND")]
    [InlineData("exec|box", "CONTAINER COMMAND")]
    [InlineData("exec|box|", "command's name is empty")]
    [InlineData("exec|-w|tmp|box|id", "--workdir \"/tmp\"")]
    [InlineData("exec|-u||box|id", "the value is empty")]
    [InlineData("exec|-d|-t|box|id", "nobody stays")]
    [InlineData("exec|--privileged|box|id", "not in this version yet")]
    [InlineData("exec|--explain=xml|box|id", "prose, strace")]
    [InlineData("stop|-t|soon|a", "number of seconds")]
    [InlineData("stop|-t|-1|a", "number of seconds")]
    [InlineData("kill|-s|TREM|a", "close to it: TERM")]
    [InlineData("kill|-s|0|a", "from 1 to 64")]
    [InlineData("kill|-s|65|a", "from 1 to 64")]
    [InlineData("logs|a|b", "one word too many")]
    [InlineData("sotp|a", "close to it: stop")]
    public void Wrong_words_for_containers_are_named(string argv, string text)
    {
        Cli cli = Cli.Run(argv.Split('|'));

        Assert.Equal(125, cli.ExitCode);
        Assert.Null(cli.Asked);
        Assert.Contains(text, cli.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run|-itd|i")]
    [InlineData("run|--detach|i")]
    public void Detach_is_asked_for_before_anything_is_read(string argv)
    {
        Assert.True(Cli.Run(argv.Split('|')).Request!.Detach);
        Assert.True(Cli.Run([.. argv.Split('|')[..^1], "--env-file", "/no/such/file", "i"]).Detached);
        Assert.False(Cli.Run([.. argv.Split('|')[..^1], "--explain", "i"]).Detached);
    }

    [Fact]
    public void Options_of_exec_make_its_request()
    {
        Cli cli = Cli.Run("exec", "-it", "-u", "games:games", "-w/tmp", "-e", "A=1", "-e", "HELD", "--explain", "box", "sh");

        Assert.Equal("", cli.Stderr);
        Assert.Equal("games:games", cli.ExecRequest!.User);
        Assert.Equal("/tmp", cli.ExecRequest.Workdir);
        Assert.Equal(["A=1", "HELD=from caller"], cli.ExecRequest.Env);
        Assert.True(cli.ExecRequest is { Interactive: true, Tty: true, Detach: false, Explain: ExplainFormat.Prose });
    }

    [Theory]
    [InlineData("images|x", "one word too many")]
    [InlineData("images|--format|xml", "table and json")]
    [InlineData("image", "unpack or rm")]
    [InlineData("image|unpack", "IMAGE DIR")]
    [InlineData("image|unpack|alpine", "IMAGE DIR")]
    [InlineData("image|unpack|a|b|c", "one word too many")]
    [InlineData("image|rm", "IMAGE...")]
    [InlineData("image|rm|--all|x", "one word too many")]
    [InlineData("idmap", "is followed by mount, umount, ")]
    [InlineData("idmap|translate", "FILE...")]
    [InlineData("idmap|translate|--from|moon|1", "disk, mount, host and container")]
    [InlineData("idmap|translate|--pid|1|--map|0:0:1|1", "which IDs the container has")]
    [InlineData("idmap|whose", "PATH...")]
    [InlineData("idmap|show|1|2", "one word too many")]
    [InlineData("idmap|mount|a|b", "no map is given")]
    [InlineData("idmap|mount|--map-mount|b:0:1:2|a", "SRC DST")]
    [InlineData("idmap|umount", "DST")]
    [InlineData("idmap|moumt|a", "close to it: idmap mount")]
    [InlineData("image|frobnicate", "is no verb")]
    [InlineData("image|pull", "is no verb")]
    [InlineData("image|tag", "not in this version yet")]
    [InlineData("lab", "list or run")]
    [InlineData("lab|run", "operands are missing")]
    [InlineData("lab|run|keep-id|kep-id", "close to it: keep-id")]
    [InlineData("lab|list|x", "one word too many")]
    [InlineData("rnu", "close to it: run")]
    [InlineData("image|umpack|a|b", "close to it: image unpack")]
    [InlineData("alpine", "csrun run alpine")]
    [InlineData("--bogus|run|alpine", "unknown option --bogus")]
    [InlineData("--root", "--root without its value")]
    [InlineData("--root=|run|alpine", "--root \"\"")]
    [InlineData("completion", "bash|zsh|fish")]
    [InlineData("completion|tcsh", "bash, zsh and fish")]
    [InlineData("version|x", "one word too many")]
    [InlineData("help|rnu", "close to it: run")]
    public void Wrong_verbs_and_operands_are_named(string argv, string text)
    {
        Cli cli = Cli.Run(argv.Split('|'));

        Assert.Equal(125, cli.ExitCode);
        Assert.Null(cli.Asked);
        Assert.Contains(text, cli.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lab|list", "lab list json=False")]
    [InlineData("lab|list|--json", "lab list json=True")]
    [InlineData("lab|run|keep-id|docker-rootful|--keep", "lab run [keep-id docker-rootful] keep=True json=False")]
    [InlineData("lab|run|--json|all", "lab run [] keep=False json=True")]
    public void Labs_reach_the_engine(string argv, string asked) => Assert.Equal(asked, Cli.Run(argv.Split('|')).Asked);

    [Fact]
    public void Verbs_of_later_versions_say_so()
    {
        string[] contract =
        [
            "attach", "cp", "rename", "port",
            "pull", "push", "image import", "image save", "image load", "image inspect", "image tag", "image prune",
        ];
        foreach (string verb in contract)
        {
            Cli cli = Cli.Run([.. verb.Split(' '), "box", "--all"]);
            Assert.Equal(125, cli.ExitCode);
            Assert.StartsWith($"csrun: {verb} is not in this version yet\n  why: ", cli.Stderr, StringComparison.Ordinal);
            Assert.Contains("\n  fix: ", cli.Stderr, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_at_all_shows_the_overview_on_stderr()
    {
        Cli cli = Cli.Run();

        Assert.Equal(125, cli.ExitCode);
        Assert.Contains("csrun run alpine id", cli.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("help")]
    [InlineData("run|--help")]
    [InlineData("run|-h")]
    [InlineData("run|--rm|-h")]
    [InlineData("run|--help|--bogus")]
    [InlineData("help|run")]
    [InlineData("image|unpack|--help")]
    [InlineData("image|--help")]
    [InlineData("help|image|rm")]
    public void Help_goes_to_stdout_with_exit_code_0(string argv)
    {
        Cli cli = Cli.Run(argv.Split('|'));

        Assert.Equal(0, cli.ExitCode);
        Assert.Equal("", cli.Stderr);
        Assert.Contains("Usage:", cli.Stdout, StringComparison.Ordinal);
        Assert.All(cli.Stdout.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("version")]
    public void Version_is_data(string argv)
    {
        Cli cli = Cli.Run(argv);

        Assert.Equal(0, cli.ExitCode);
        Assert.Matches(@"^csrun \d+\.\d+\.\d+\n", cli.Stdout);
    }

    [Theory]
    [InlineData("--root|/r|run|alpine")]
    [InlineData("--root=/r|run|alpine")]
    [InlineData("run|--root|/r|alpine")]
    [InlineData("--root|/x|run|--root=/r|alpine")]
    [InlineData("--root|/x|--root|/r|run|alpine")]
    public void Common_options_stand_before_or_after_the_verb(string argv)
    {
        Cli cli = Cli.Run(argv.Split('|'));

        Assert.Equal("", cli.Stderr);
        Assert.Equal("/r", cli.Global!.Root);
        Assert.Equal("alpine", cli.Request!.Image);
    }

    [Fact]
    public void Kill_without_a_signal_is_KILL_and_under_the_name_runc_TERM()
    {
        Assert.Contains("SIGKILL", Cli.Run("kill", "box").Asked, StringComparison.Ordinal);
        Assert.Contains("SIGTERM", Cli.AsRunc("kill", "box").Asked, StringComparison.Ordinal);
        Assert.Contains("SIGHUP", Cli.AsRunc("kill", "box", "HUP").Asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("auto")]
    public void Rootless_is_accepted_before_the_verb_and_only_there(string value)
    {
        Cli cli = Cli.Run("--rootless", value, "--systemd-cgroup", "run", "alpine");
        Assert.Equal("", cli.Stderr);
        Assert.True(cli.Global!.SystemdCgroup);
        cli = Cli.Run("run", $"--rootless={value}", "alpine");
        Assert.Equal(125, cli.ExitCode);
        Assert.Contains("unknown option --rootless", cli.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("--rootless", Cli.Run("run", "--help").Stdout, StringComparison.Ordinal);
        Assert.Contains("--rootless", Cli.Run("--help").Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public void Csrun_root_is_taken_when_root_is_not_given()
    {
        Cli.Environment["CSRUN_ROOT"] = "/from/env";
        try
        {
            Assert.Equal("/from/env", Cli.Run("run", "alpine").Global!.Root);
            Assert.Equal("/r", Cli.Run("--root", "/r", "run", "alpine").Global!.Root);
        }
        finally
        {
            Cli.Environment.Remove("CSRUN_ROOT");
        }
    }

    [Fact]
    public void Json_messages_are_one_object_as_runc_writes_it()
    {
        Cli cli = Cli.Run("--log-format", "json", "run", "--bogus\"\n", "alpine");

        string line = Assert.Single(cli.Stderr.TrimEnd('\n').Split('\n'));
        JsonElement json = JsonDocument.Parse(line).RootElement;
        Assert.Equal("error", json.GetProperty("level").GetString());
        Assert.Contains("unknown option --bogus\\\"", line, StringComparison.Ordinal);
        Assert.Contains("--bogus\"\n", json.GetProperty("msg").GetString(), StringComparison.Ordinal);
        Assert.True(json.GetProperty("time").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddMinutes(-5));
    }

    [Fact]
    public void A_log_file_gets_the_message_and_stderr_keeps_it()
    {
        string file = Path.Combine(Path.GetTempPath(), $"csrun-log-{Guid.NewGuid():N}");
        try
        {
            Cli cli = Cli.Run("--log", file, "--log-format=json", "run", "--bogus", "alpine");

            Assert.StartsWith("csrun: run: unknown option --bogus\n", cli.Stderr, StringComparison.Ordinal);
            Assert.Equal("error", JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("level").GetString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Control_characters_of_names_do_not_reach_the_terminal()
    {
        string text = ErrorReport.Text(new CsrunException("image \"\u001b[31mred\u0007\"", "first\nsecond", null));

        Assert.Equal("csrun: image \"\\x1b[31mred\\x07\"\n  why: first\n       second\n", text);
    }

    [Fact]
    public void A_mistake_of_csrun_itself_is_a_message_too()
    {
        Cli cli = Cli.Run("run", "bug");

        Assert.Equal(125, cli.ExitCode);
        Assert.StartsWith("csrun: internal error: InvalidOperationException: oops\n  why: ", cli.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", cli.Stderr, StringComparison.Ordinal);
        Assert.Contains("   at ", Cli.Run("--debug", "run", "bug").Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/full", 125)]
    [InlineData("/dev/null", 0)]
    public void Data_that_cannot_be_written_is_a_failure(string device, int exitCode)
    {
        using FileStream stream = new(device, FileMode.Open, FileAccess.Write);
        using FdWriter stdout = new((int)stream.SafeFileHandle.DangerousGetHandle());
        using StringWriter stderr = new();

        Assert.Equal(exitCode, CommandLine.Run(["--version"], new CliHost(stdout, stderr, _ => null, File.ReadAllText), new Cli()));
        Assert.Equal(exitCode != 0, stderr.ToString().Contains("ENOSPC", StringComparison.Ordinal));
    }

    [Fact]
    public void The_exit_code_is_the_failures_own()
    {
        using StringWriter stderr = new();
        Assert.Equal(127, ErrorReport.Write(new CsrunException("x", exitCode: 127), new GlobalOptions(), stderr));
    }
}
