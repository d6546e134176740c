using System.Xml;
using System.Xml.Linq;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Plans;

/// <summary>csrun explain-report and idmap translate --svg, by the real binary.</summary>
public sealed class ReportTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact(Needs = Need.SubIds)]
    public void A_report_is_of_the_launch_that_ran()
    {
        string file = Path.Combine(Sandbox.Directory(Identity.User), "report.html");
        RunResult run = Report(file, "--hostname", "pictured", Host.AnyImage, "sh", "-c", "hostname; exit 7").Exited(7);
        XElement page = Parse(file);
        int steps = Run("--explain", "--hostname", "pictured", Host.AnyImage, "true").Succeeded().Stdout.Split('\n').Count(l => l.Length > 3 && char.IsDigit(l[2]) && l[3] == '.');

        Assert.Equal("pictured\n", run.Stdout);
        Assert.Equal("", run.Stderr);
        Assert.Equal(steps, page.Descendants().Count(e => ((string?)e.Attribute("id"))?.StartsWith("step-", StringComparison.Ordinal) == true));
        Assert.Contains("⇒ uid_map: (empty) -> 0 ", page.Value, StringComparison.Ordinal);
        Assert.Contains("/proc", page.Value, StringComparison.Ordinal);
        Assert.Contains("pivot_root(\".\", \".\") = 0", page.Value, StringComparison.Ordinal);
        Assert.Contains($"{Host.Of(Identity.User).SubUid}–{Host.Of(Identity.User).SubUid + Host.Of(Identity.User).SubUidCount - 1}", page.Value, StringComparison.Ordinal);
        Assert.Equal(["report.html"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(file)!).Select(Path.GetFileName));
    }

    [UserFact]
    public void A_file_or_a_link_is_replaced_only_when_asked_for()
    {
        string directory = Sandbox.Directory(Identity.User);
        string file = Path.Combine(directory, "report.html");
        File.WriteAllText(file, "mine");
        File.CreateSymbolicLink(Path.Combine(directory, "link"), file);

        Report(file, Host.AnyImage, "echo", "ran").Refused(125, "exists already", "--force");
        Report(Path.Combine(directory, "link"), Host.AnyImage, "echo", "ran").Refused(125, "exists already");
        Report(Path.Combine(directory, "missing", "r.html"), Host.AnyImage, "echo", "ran").Refused(125, "there is no directory");
        Report(directory, Host.AnyImage, "echo", "ran").Refused(125, "is a directory");
        Assert.Equal("mine", File.ReadAllText(file));

        Report(Path.Combine(directory, "link"), "--force", Host.AnyImage, "true").Succeeded();
        Assert.Equal("mine", File.ReadAllText(file)); // the link was replaced, and not followed
        Assert.Null(new FileInfo(Path.Combine(directory, "link")).LinkTarget);
        Report(file, "--force", "--planned", Host.AnyImage, "echo", "ran").Printed("");
        Assert.Contains("Planned, not run", Parse(file).Value, StringComparison.Ordinal);
    }

    [UserFact]
    public void Hostile_names_stay_text()
    {
        string directory = Sandbox.Directory(Identity.User);
        string evil = "<script>alert(1)</script>\"'&\u001b[31m";
        Directory.CreateDirectory(Path.Combine(directory, evil.Replace('/', '_')));
        string file = Path.Combine(directory, "r.html");
        Report(file, "-v", $"{directory}/{evil.Replace('/', '_')}:/{evil.Replace('/', '_')}", "-e", $"E={evil}", Host.AnyImage, "echo", evil).Succeeded();
        XElement page = Parse(file);

        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "img");
        Assert.Contains("<script>alert(1)<", page.Value, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', File.ReadAllText(file));

        RunResult svg = Sandbox.Csrun(Identity.User, "idmap", "translate", "--svg", $"{directory}/{evil.Replace('/', '_')}").Succeeded();
        Assert.DoesNotContain(XElement.Parse(svg.Stdout).Descendants(), e => e.Name.LocalName == "script");
    }

    [UserFact]
    public void A_report_of_a_broken_launch_says_what_was_left_out()
    {
        string file = Path.Combine(Sandbox.Directory(Identity.User), "r.html");
        Report(file, "--break", "seccomp", Host.AnyImage, "true").Succeeded();
        Assert.Contains("left out: which system calls the container may make", Parse(file).Value, StringComparison.Ordinal);
        Assert.DoesNotContain("Seccomp: 0 -> 2", Parse(file).Value, StringComparison.Ordinal);
    }

    [RootFact]
    public void Roots_report_draws_the_two_opposite_translations()
    {
        string file = Path.Combine(Sandbox.Directory(Identity.Root), "r.html");
        Sandbox.Csrun(Identity.Root, "explain-report", "--html", file, Host.AnyImage, "true").Succeeded();
        string[] map = RunAs(Identity.Root, Host.AnyImage, "awk", "{ print $2; exit }", "/proc/self/uid_map").Succeeded().Output.Split('\n');
        string html = File.ReadAllText(file);

        Assert.Contains($">{long.Parse(map[0], System.Globalization.CultureInfo.InvariantCulture) + 42}<", html, StringComparison.Ordinal);
        Assert.DoesNotContain("figure 1 of part 51", html, StringComparison.OrdinalIgnoreCase);
    }

    [UserFact]
    public void A_browser_shows_the_page()
    {
        if (Host.Find("chromium") is not { } chromium)
        {
            return; // the pages' form is tested without one, too
        }

        string directory = Sandbox.Directory(Identity.User);
        string file = Path.Combine(directory, "r.html");
        Report(file, Host.AnyImage, "true").Succeeded();
        RunResult dom = Sandbox.Shell(Identity.User, $"{chromium} --headless --no-sandbox --disable-gpu --user-data-dir={directory}/profile --dump-dom file://{file} 2>/dev/null", TimeSpan.FromSeconds(120)).Succeeded();
        Assert.Contains("How this container starts", dom.Stdout, StringComparison.Ordinal);
    }

    private RunResult Report(string file, params string[] args) => Sandbox.Csrun(Identity.User, ["explain-report", "--html", file, .. args]);

    private static XElement Parse(string file)
    {
        using XmlReader reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }
}
