using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>Volumes over /proc and masked paths. CVE-2019-16884, CVE-2019-19921, CVE-2025-52881, CVE-2025-31133.</summary>
public sealed class ProcMountTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserTheory]
    [InlineData("/proc")]
    [InlineData("/proc/")]
    [InlineData("/proc/self")]
    [InlineData("/proc/sys/kernel")]
    [InlineData("/proc/self/attr")]
    [InlineData("/proc/1")]
    public void A_directory_over_proc_is_refused(string destination) => Run("-v", $"{Sandbox.Directory(Identity.User)}:{destination}", Host.AnyImage, "true").Refused(125, "/proc");

    [UserTheory]
    [InlineData("/proc/sysrq-trigger")]
    [InlineData("/proc/self/attr/exec")]
    [InlineData("/proc/kcore")]
    public void A_file_over_a_file_of_proc_is_refused(string destination) => Run("-v", $"{SomeFile()}:{destination}", Host.AnyImage, "true").Refused(125, "/proc");

    [UserFact]
    public void A_tmpfs_over_proc_is_refused() => Run("--tmpfs", "/proc/sys", Host.AnyImage, "true").Refused(125, "/proc");

    [UserFact]
    public void The_files_that_lxcfs_stands_in_for_can_be_covered() => Run("-v", $"{SomeFile()}:/proc/cpuinfo:ro", Host.AnyImage, "cat", "/proc/cpuinfo").Printed("mine");

    [UserFact]
    public void A_directory_beside_proc_can_be_mounted() => Run("-v", $"{Path.GetDirectoryName(SomeFile())}:/procedures", Host.AnyImage, "cat", "/procedures/file").Printed("mine");

    [UserFact]
    public void A_volume_over_sys_is_what_the_container_sees() => Run("-v", $"{Path.GetDirectoryName(SomeFile())}:/sys", Host.AnyImage, "cat", "/sys/file").Printed("mine");

    [UserFact]
    public void Paths_of_the_image_can_be_masked_whatever_they_are()
    {
        string images = HostileImage.Make(Sandbox, "masks", root =>
        {
            foreach (string name in (string[])["one", "two"])
            {
                Directory.CreateDirectory(Path.Combine(root, name));
                File.WriteAllText(Path.Combine(root, name, "secret"), "secret\n");
            }

            File.WriteAllText(Path.Combine(root, "file"), "secret\n");
            File.WriteAllText(Path.Combine(root, "behind"), "secret\n");
            File.CreateSymbolicLink(Path.Combine(root, "link"), "/behind");
        });
        Sandbox.Csrun(
            Identity.User,
            ["run", "--security-opt", "mask=/one:/two:/file:/link:/nowhere", "masks", "sh", "-c", "ls -A /one /two; cat /file /link /behind; echo x > /one/new || echo refused; stat -c %t:%T /file; wc -l < /etc/group"],
            null,
            HostileImage.SearchPath(images)).Printed("/one:\n\n/two:\nrefused\n1:3\n3");
    }

    [UserFact]
    public void What_was_masked_can_be_unmasked() =>
        Run("--security-opt", "unmask=/proc/timer_list", Host.AnyImage, "sh", "-c", "grep -c timer_list /proc/self/mountinfo; true").Printed("0");

    private string SomeFile()
    {
        string path = Path.Combine(Sandbox.Directory(Identity.User), "file");
        File.WriteAllText(path, "mine");
        return path;
    }
}
