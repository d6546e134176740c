using System.Text.RegularExpressions;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Plans;

/// <summary>The script that --explain=sh prints makes the container that csrun makes: both are run and compared from inside and on the host.</summary>
public sealed partial class ShellScriptTests(Sandbox sandbox) : ContainerTest(sandbox)
{
    // What a container can see of itself; each run adds a file to the volume, whose owner the host then tells.
    private const string Look = """
        id; cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups; hostname; pwd; env; cat /proc/self/mountinfo
        grep -E '^(Uid|Gid|Groups|Sig(Blk|Ign|Cgt)|Cap|NoNewPrivs|Umask)' /proc/self/status; readlink /proc/self/fd/0; ulimit -n; cat /proc/self/oom_score_adj
        cat /etc/hosts /etc/hostname; ls -ln /dev | sed 's/ [A-Z][a-z][a-z] .*[0-9] / /'; stat -c '%u:%g %a' / /etc/shadow /tmp; cat /proc/net/dev | cut -d: -f1; echo $$
        if [ -d /data ]; then touch /data/new 2>&1; ls -ln /data | sed 's/ [A-Z][a-z][a-z] .*[0-9] / /'; fi
        touch /root-is-writable 2> /dev/null && echo writable; exit 7
        """;

    [UserTheory(Needs = Need.SubIds)]
    [InlineData("")]
    [InlineData("--userns keep-id -v {VOLUME}:/data")]
    [InlineData("--userns nomap")]
    [InlineData("--userns map=0:{SUBUID}:65536 -u 33:33 -w /tmp")]
    [InlineData("--network host -v {VOLUME}:/data")]
    [InlineData("-v {VOLUME}:/data:rbind,rslave,noexec -v {VOLUME}:/ro:ro,nosuid --tmpfs /scratch:size=1m,mode=1777 --read-only")]
    [InlineData("-i --cap-drop ALL --cap-add CHOWN --security-opt unmask=ALL --ulimit nofile=512:512 -w /etc")]
    [InlineData("--security-opt no-new-privileges -u 1000:1000 --security-opt seccomp=unconfined")]
    public void An_ordinary_users_script_does_what_csrun_does(string options) => Compare(Identity.User, options);

    [NoSubIdsFact]
    public void So_does_that_of_a_user_with_one_id() => Compare(Identity.NoSubIds, "-v {VOLUME}:/data");

    [RootTheory]
    [InlineData("--userns host -v {VOLUME}:/data")]
    [InlineData("--userns private -v {VOLUME}:/data")]
    [InlineData("--userns map=0:500000:65536 -v {VOLUME}:/data:idmap")]
    public void So_does_roots(string options) => Compare(Identity.Root, options);

    [UserTheory(Needs = Need.SubIds)]
    [InlineData("", "")]
    [InlineData("--userns keep-id", "-w /tmp")]
    [InlineData("--userns nomap --network host", "-u 33:33 -i")]
    public void A_further_process_is_made_as_csrun_makes_it(string run, string exec)
    {
        string id = Detached([.. run.Split(' ', StringSplitOptions.RemoveEmptyEntries), Host.AnyImage, "sleep", "1000"]);
        string[] rest = [.. exec.Split(' ', StringSplitOptions.RemoveEmptyEntries), id, "sh", "-c", Look.Replace("echo $$", "for n in /proc/self/ns/*; do readlink $n; done", StringComparison.Ordinal)];
        string csrun = Csrun(["exec", .. rest]).Exited(7).Stdout;
        RunResult script = Script(Identity.User, ["exec", "--explain=sh", .. rest]).Exited(7);

        Assert.Equal(Normal(csrun), Normal(script.Stdout));
        Assert.Equal("", script.Stderr);
    }

    [UserFact(Needs = Need.SubIds)]
    public void Unshares_script_enters_the_namespace_that_csrun_unshare_makes()
    {
        string[] look = ["sh", "-c", "id -u; id -g; cat /proc/self/uid_map /proc/self/gid_map; grep -E '^(Cap|NoNewPrivs|Umask)' /proc/self/status; pwd; exit 7"];
        string csrun = Csrun(["unshare", .. look]).Exited(7).Stdout;

        Assert.Equal(csrun, Script(Identity.User, ["unshare", "--explain=sh", .. look]).Exited(7).Stdout);
    }

    [UserFact(Needs = Need.SubIds)]
    public void Hostile_values_stay_values()
    {
        string volume = Sandbox.Directory(Identity.User, "a 'volume' $(touch outside)\n#");
        string[] options =
        [
            "-e", "A=$(touch /tmp/outside)`touch /tmp/outside`", "-e", "B=1\nCHILD\ntouch /tmp/outside\n'; touch /tmp/outside #", "-e", "C=\"\\", "-e", "d.e=odd name",
            "--mount", $"type=bind,source={volume},target=/it's a \"$HOME\"", Host.AnyImage,
            "sh", "-c", "printf '%s|' \"$A\" \"$B\" \"$C\" \"$@\"; env | grep odd; touch \"/it's a \\\"\\$HOME\\\"/made\"", "0", "it's", "a\nb", "$HOME", "*", "", "-n", "\\",
        ];
        string csrun = Run(options).Succeeded().Stdout;
        File.Delete(Path.Combine(volume, "made"));
        RunResult script = Script(Identity.User, ["run", "--explain=sh", .. options]).Succeeded();

        Assert.Equal(csrun, script.Stdout);
        Assert.Contains("it's|a\nb|$HOME|*||-n|\\|", csrun, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(volume, "made")));
        Assert.False(File.Exists("/tmp/outside"));
    }

    [UserFact(Needs = Need.SubIds)]
    public void A_script_reads_its_own_standard_input_and_gives_the_commands_exit_code()
    {
        string script = Written(Identity.User, ["run", "--explain=sh", "-i", Host.AnyImage, "sh", "-c", "read -r line; echo got $line; kill -9 $$; exit 3"]);
        RunResult piped = Sandbox.Shell(Identity.User, $"echo word | sh {script}");

        Assert.Equal("got word\n", piped.Exited(3).Stdout); // PID 1 is immune to its own signals
        Script(Identity.User, ["run", "--explain=sh", Host.AnyImage, "no-such-command"]).Exited(127);
        Script(Identity.User, ["run", "--explain=sh", Host.AnyImage, "/etc/passwd"]).Exited(126);
    }

    private void Compare(Identity identity, string options)
    {
        string volume = Sandbox.Directory(identity, "volume");
        string[] words = [.. options.Replace("{VOLUME}", volume, StringComparison.Ordinal)
            .Replace("{SUBUID}", $"{Host.Of(identity).SubUid}", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        string[] command = [.. words, "--hostname", "compared", Host.AnyImage, "sh", "-c", Look];
        string csrun = RunAs(identity, command).Exited(7).Stdout;
        string owner = TakeOwner(volume);
        RunResult script = Script(identity, ["run", "--explain=sh", .. command]).Exited(7);

        Assert.Equal(Normal(csrun), Normal(script.Stdout));
        Assert.Equal("", script.Stderr);
        Assert.Equal(owner, TakeOwner(volume));
        Assert.True(csrun.Split('\n').Length > 60, csrun);
    }

    /// <summary>Who owns the file that the run has made, seen on the host; and removes it.</summary>
    private static string TakeOwner(string volume)
    {
        string file = Path.Combine(volume, "new");
        if (!File.Exists(file))
        {
            return "none";
        }

        string owner = Tool.Run("/usr/bin/stat", "-c", "%u:%g", file).Succeeded().Output;
        File.Delete(file);
        return owner;
    }

    /// <summary>Runs a script, and sees that nothing of it is left.</summary>
    private RunResult Script(Identity identity, string[] explain)
    {
        string scratch = Sandbox.Directory(identity, "tmp");
        RunResult result = Sandbox.Shell(identity, $"TMPDIR={scratch} sh {Written(identity, explain)}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch));
        return result;
    }

    private string Written(Identity identity, string[] explain)
    {
        string file = Path.Combine(Sandbox.Directory(identity, "script"), "s.sh");
        File.WriteAllText(file, Sandbox.Csrun(identity, explain).Succeeded().Stdout);
        return file;
    }

    /// <summary>Mounts have other numbers each time, and stand in the order in which they were made; overlay's layers have the numbers of descriptors.</summary>
    private static string Normal(string text) =>
        string.Join('\n', Pipe().Replace(Descriptor().Replace(MountNumbers().Replace(text, "# "), "/proc/self/fd/N"), "pipe").Split('\n').Order(StringComparer.Ordinal));

    [GeneratedRegex(@"^\d+ \d+ \d+:\d+ ", RegexOptions.Multiline)]
    private static partial Regex MountNumbers();

    [GeneratedRegex(@"pipe:\[\d+\]")]
    private static partial Regex Pipe();

    [GeneratedRegex(@"/proc/self/fd/\d+(?=,)")]
    private static partial Regex Descriptor();
}
