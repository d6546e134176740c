using System.Text.RegularExpressions;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Plans;

/// <summary>The calls that idmap mount --explain=strace prints are made by csrun, in this order.</summary>
public sealed partial class MountMapPlanTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [RootTheory(Needs = Need.Strace)]
    [InlineData("--map-mount b:0:100000:65536 -o nosuid,nodev,noatime")]
    [InlineData("--map-mount u:0:100000:65536 --recursive -o ro")]
    public void What_is_printed_is_done(string options)
    {
        string source = Sandbox.Directory(Identity.Root), target = Sandbox.Directory(Identity.Root), trace = Path.Combine(Sandbox.Directory(Identity.Root), "trace");
        string[] words = [.. options.Split(' '), source, target];
        string plan = Sandbox.Csrun(Identity.Root, ["idmap", "mount", "--explain=strace", .. words]).Succeeded().Stdout;
        Assert.DoesNotContain(target, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        Tool.Run("/usr/bin/unshare", ["--mount", "strace", "-v", "-s", "65535", "-o", trace, Host.Csrun, "idmap", "mount", .. words]).Succeeded();

        string[] planned = [.. plan.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.StartsWith("# csrun: clone3(", StringComparison.Ordinal) ? "clone3({flags=CLONE_PIDFD|CLONE_NEWUSER, " : line).Where(line => line[0] != '#')];
        int next = 0;
        foreach (string line in File.ReadLines(trace).Select(l => Remark().Replace(l, "")))
        {
            if (next < planned.Length && Regex.IsMatch(line, Pattern(planned[next]), RegexOptions.CultureInvariant))
            {
                next++;
            }
        }

        Assert.True(next == planned.Length, $"planned, but not done in this order: {planned.ElementAtOrDefault(next)}\n{File.ReadAllText(trace)}");
        Assert.True(planned.Length >= 6, plan);
    }

    // A slot or PID is some number; what takes the result is not of interest here.
    private static string Pattern(string planned) =>
        "^" + Slot().Replace(Regex.Escape(Result().Replace(planned, "")), @"\d+").Replace("/proc/PID/", @"/proc/\d+/", StringComparison.Ordinal);

    [GeneratedRegex("<[^<>]+>")]
    private static partial Regex Slot();

    [GeneratedRegex(" = <[^<>]+>$")]
    private static partial Regex Result();

    [GeneratedRegex(@" /\* [^*]* \*/")]
    private static partial Regex Remark();
}
