using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>CVE-2024-21626: descriptors and working directories that lead out of the container.</summary>
public sealed class DescriptorTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserTheory]
    [InlineData("")]
    [InlineData("--init")]
    public void What_the_caller_left_open_does_not_come_along(string option) =>
        Sandbox.Shell(Identity.User, $"exec 3</ 4</etc 5</etc/passwd 9</dev/null; $CSRUN run {option} {Host.AnyImage} sh -c 'set -- /proc/self/fd/*; for fd; do test -e $fd && echo ${{fd##*/}}; done; true'")
            .Succeeded().Output.Is("0\n1\n2", "0\n1\n2\n3"); // 3 is the directory that the shell reads

    [UserFact]
    public void The_working_directory_cannot_be_a_descriptor()
    {
        for (int fd = 3; fd <= 64; fd++)
        {
            Sandbox.Shell(Identity.User, $"exec 7</ 8</etc; $CSRUN run -w /proc/self/fd/{fd} {Host.AnyImage} pwd").Refused(126, $"/proc/self/fd/{fd}");
        }
    }

    [UserTheory]
    [InlineData("/proc/self/cwd")]
    [InlineData("/proc/1/root")]
    [InlineData("/proc/thread-self/fd/4")]
    [InlineData("/dev/fd/4")]
    public void Nor_any_other_magic_link(string directory) => Run("-w", directory, Host.AnyImage, "pwd").Refused(126, directory);

    [UserFact]
    public void A_link_of_the_image_to_a_descriptor_is_none_either()
    {
        string images = HostileImage.Make(Sandbox, "cwd", root => File.CreateSymbolicLink(Path.Combine(root, "link"), "/proc/self/fd/4"));
        Sandbox.Csrun(Identity.User, ["run", "-w", "/link", "cwd", "pwd"], null, HostileImage.SearchPath(images)).Refused(126, "/link");
    }

    [UserFact]
    public void An_honest_link_is_followed()
    {
        string images = HostileImage.Make(Sandbox, "cwd-honest", root => File.CreateSymbolicLink(Path.Combine(root, "link"), "/tmp"));
        Sandbox.Csrun(Identity.User, ["run", "-w", "/link", "cwd-honest", "pwd", "-P"], null, HostileImage.SearchPath(images)).Printed("/tmp");
    }

    [UserTheory]
    [InlineData("/proc/self/root/bin/sh")]
    [InlineData("/proc/self/fd/4/bin/sh")]
    [InlineData("/proc/self/cwd/bin/sh")]
    public void A_command_by_a_magic_link_is_the_containers_own(string command)
    {
        // What such a path names lies in the container, or there is nothing.
        RunResult result = Run(Host.AnyImage, command, "-c", "test ! -e /runtime.sln && readlink /proc/$$/cwd; ls / | grep -c -x -e lost+found -e boot");
        Assert.True(result.ExitCode is 1 or 126 or 127, result.ToString());
        Assert.True(result.ExitCode != 1 || result.Output == "/\n0", result.ToString());
    }
}
