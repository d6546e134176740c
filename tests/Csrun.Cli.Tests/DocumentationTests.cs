using System.Diagnostics;
using Csrun.Commands;

namespace Csrun.Cli.Tests;

/// <summary>Help, manual and completion are made of the same options, and none forgets one.</summary>
public sealed class DocumentationTests
{
    public static TheoryData<string> Verbs => [.. VerbTable.Names, "man"];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_option_has_help_and_no_two_share_a_name(string name)
    {
        Verb verb = VerbTable.Find(name)!;
        HashSet<string> seen = [];
        foreach (CliOption option in CompletionWords.Options(verb))
        {
            Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name);
            Assert.True(char.IsLower(option.Description![0]) || option.Description.StartsWith("no-", StringComparison.Ordinal), option.Description);
            Assert.False(option.Description.EndsWith('.'), option.Description);
            Assert.Equal(option.Kind == OptionKind.Flag, option.HelpName!.Length == 0);
            foreach (string spelling in (string[])[option.Name, .. option.Aliases])
            {
                Assert.True(seen.Add(spelling), $"{spelling} is there twice");
            }
        }

        foreach (LaterOption later in verb.LaterOptions)
        {
            Assert.True(seen.Add(later.Name), $"{later.Name} is there and comes later");
        }

        Assert.NotEmpty(verb.Summary);
        Assert.NotEmpty(verb.Description);
    }

    [Fact]
    public void The_options_of_the_contract_are_there()
    {
        string[] contract =
        [
            "-i", "-t", "-d", "--rm", "--init", "--name", "--hostname", "-e", "--env-file", "-w", "-u", "--group-add", "-v", "--mount", "--tmpfs", "--read-only",
            "--userns", "--uidmap", "--gidmap", "--network", "--ulimit", "--cap-add", "--cap-drop", "--security-opt", "--config", "--explain", "--trace",
            "--memory", "--memory-swap", "--cpus", "--cpu-shares", "--pids-limit", "--rootfs", "--root", "--log", "--log-format", "--debug", "--help",
        ];
        IReadOnlyList<string> words = CompletionWords.All(new RunCommand());
        Assert.All(contract, option => Assert.Contains(option, words));
        string[] later = ["-p", "--device", "--sysctl", "--privileged"];
        Assert.All(later, option => Assert.Contains(new RunCommand().LaterOptions, l => l.Name == option));
    }

    [Fact]
    public void Help_manual_and_completion_list_every_option()
    {
        IReadOnlyList<Verb> verbs = VerbTable.All();
        Dictionary<string, string> pages = ManPage.All(verbs).ToDictionary(p => p.File, p => p.Page);
        string bash = BashCompletion.Script(verbs), zsh = ZshCompletion.Script(verbs), fish = FishCompletion.Script(verbs);
        foreach (Verb verb in verbs)
        {
            using StringWriter help = new();
            HelpText.Write(verb, help);
            string page = pages[$"csrun-{verb.Name.Replace(' ', '-')}.1"];
            foreach (CliOption option in CompletionWords.Options(verb))
            {
                Assert.Contains(option.Name, help.ToString(), StringComparison.Ordinal);
                Assert.Contains(option.Name.Replace("-", "\\-", StringComparison.Ordinal), page, StringComparison.Ordinal);
                Assert.Contains(option.Name, bash, StringComparison.Ordinal);
                Assert.Contains(option.Name, zsh, StringComparison.Ordinal);
                Assert.Contains($"-l {option.Name[2..]} ", fish + " ", StringComparison.Ordinal);
            }

            Assert.Contains(verb.Name.Replace("-", "\\-", StringComparison.Ordinal), pages["csrun.1"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Manual_pages_are_written_into_the_directory()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("csrun-man");
        try
        {
            Assert.Equal(0, Cli.Run("man", directory.FullName).ExitCode);
            Assert.Contains("csrun-run.1", directory.GetFiles().Select(f => f.Name));
            Assert.Equal(VerbTable.Names.Count + 1, directory.GetFiles().Length);
            Cli missing = Cli.Run("man", Path.Combine(directory.FullName, "no"));
            Assert.Equal(125, missing.ExitCode);
            Assert.Contains("the directory does not exist", missing.Stderr, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void No_line_of_a_manual_page_is_an_accidental_request()
    {
        string[] requests = [".TH", ".SH", ".SS", ".TP", ".PP", ".B"];
        foreach ((string file, string page) in ManPage.All(VerbTable.All()))
        {
            foreach (string line in page.Split('\n'))
            {
                Assert.True(line.Length == 0 || line[0] is not ('.' or '\'') || requests.Contains(line.Split(' ')[0]), $"{file}: {line}");
            }
        }
    }

    [Theory]
    [InlineData("csrun ", "run")]
    [InlineData("csrun im", "image")]
    [InlineData("csrun image ", "unpack")]
    [InlineData("csrun run --us", "--user")]
    [InlineData("csrun run --userns ", "keep-id")]
    [InlineData("csrun --root /x run --net", "--network")]
    [InlineData("csrun image rm --a", "--all")]
    [InlineData("csrun run --security-opt no", "no-new-privileges")]
    [InlineData("csrun completion ", "zsh")]
    public void Bash_completes(string line, string expected)
    {
        string[] words = line.Split(' ');
        string script = BashCompletion.Script(VerbTable.All())
            + $"COMP_WORDS=({string.Join(' ', words.Select(w => $"'{w}'"))}); COMP_CWORD={words.Length - 1}; _csrun; printf '%s\\n' \"${{COMPREPLY[@]}}\"";
        ProcessStartInfo start = new("bash", ["--norc", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process bash = Process.Start(start)!;
        string output = bash.StandardOutput.ReadToEnd();
        Assert.Equal("", bash.StandardError.ReadToEnd());
        bash.WaitForExit();
        Assert.Contains(expected, output.Split('\n'));
    }
}
