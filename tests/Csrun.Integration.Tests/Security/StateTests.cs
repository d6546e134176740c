using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>csrun's state: nobody else may prepare it, look into it, or run what lies in it. CVE-2025-64507, Incus CVE-2026-33711.</summary>
public sealed class StateTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [RootFact]
    public void State_in_a_directory_of_somebody_elses_is_refused() =>
        Sandbox.Csrun(Identity.Root, ["--root", Sandbox.Directory(Identity.User, "theirs"), "run", Host.AnyImage, "true"], null).Refused(125, "belongs to user");

    [RootFact]
    public void Also_behind_a_link()
    {
        string link = Path.Combine(Sandbox.Directory(Identity.Root), "link");
        File.CreateSymbolicLink(link, Sandbox.Directory(Identity.User, "theirs"));
        Sandbox.Csrun(Identity.Root, ["--root", link, "run", Host.AnyImage, "true"], null).Refused(125, "belongs to user");
    }

    [UserTheory]
    [InlineData("0777")]
    [InlineData("1777")]
    [InlineData("0775")]
    public void State_in_a_directory_that_others_write_is_refused(string mode)
    {
        string directory = Sandbox.Directory(Identity.User, "open");
        Tool.Check("chmod", mode, directory);
        Sandbox.Csrun(Identity.User, ["--root", directory, "run", Host.AnyImage, "true"], null).Refused(125, "others may write");
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory));
    }

    [UserFact]
    public void A_link_to_a_directory_of_ones_own_is_fine()
    {
        string link = Path.Combine(Sandbox.Directory(Identity.User), "link");
        File.CreateSymbolicLink(link, Sandbox.Directory(Identity.User, "disk"));
        Sandbox.Csrun(Identity.User, ["--root", link, "run", Host.AnyImage, "echo", "ran"], null).Printed("ran");
    }

    [UserTheory]
    [InlineData("../../etc")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("..")]
    [InlineData("sha256:../../../../etc/passwd")]
    [InlineData("x\n.")]
    public void An_images_name_is_no_path(string name)
    {
        RunResult result = Run("--", name, "true");
        Assert.True(result.ExitCode == 125, result.ToString());
    }

    [RootFact]
    public void Nothing_of_roots_state_is_open_to_others()
    {
        string root = Path.Combine(Sandbox.Directory(Identity.Root), "made"); // made by csrun
        Sandbox.Csrun(Identity.Root, ["--root", root, "run", Host.AnyImage, "true"], null).Succeeded();
        Assert.Equal("700", Tool.Check("stat", "-c", "%a", root).Trim());
        RunResult result = Sandbox.Shell(Identity.User, $"ls {root} || ls {root}/trees || find {root} -perm -4000");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal("", result.Output);
    }

    [RootFact]
    public void A_setuid_file_of_the_containers_root_is_not_the_hosts_roots()
    {
        string volume = Sandbox.Directory(Identity.Root, "volume");
        Tool.Check("chmod", "0777", volume);
        RunAs(Identity.Root, "-v", $"{volume}:/data", Host.AnyImage, "sh", "-c", "cp /bin/busybox /data/sh && chown 0:0 /data/sh && chmod 4755 /data/sh").Succeeded();
        string owner = Tool.Check("stat", "-c", "%u", Path.Combine(volume, "sh")).Trim();
        Assert.NotEqual("0", owner);
        Assert.DoesNotContain("0", Sandbox.Shell(Identity.User, $"{volume}/sh id -u").Output.Split('\n'));
    }

    [UserFact]
    public void Names_and_values_are_taken_as_they_are_or_refused()
    {
        Run("--hostname", "a\n1.2.3.4 evil", Host.AnyImage, "true").Exited(125);
        Run("--name", "../../x", Host.AnyImage, "true").Exited(125);
        Run("-e", "=x", Host.AnyImage, "true").Exited(125);
        Run("-e", "A=two\nLINES=1 $(id)", Host.AnyImage, "sh", "-c", "echo \"$A\"").Printed("two\nLINES=1 $(id)");
    }
}
