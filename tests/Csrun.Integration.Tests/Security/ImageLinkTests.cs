using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>Links that an image plants where csrun makes its mount points: nothing outside the container is touched.</summary>
/// <remarks>CVE-2023-27561, CVE-2023-28642, CVE-2024-45310, CVE-2024-21626, CVE-2026-41579, CVE-2026-88265.</remarks>
public sealed class ImageLinkTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    // The descriptors that csrun has open while it makes mount points lie between these.
    private const int FirstFd = 3;
    private const int LastFd = 48;

    public static TheoryData<string> KernelDirectories => ["proc", "sys", "dev"];

    [UserTheory]
    [MemberData(nameof(KernelDirectories))]
    public void A_link_in_the_place_of_a_kernel_directory_is_refused(string directory)
    {
        string sentinel = Sandbox.Directory(Identity.User, "sentinel");
        string images = HostileImage.Make(Sandbox, $"link-{directory}", root => HostileImage.Link(root, directory, sentinel));
        Sandbox.Csrun(Identity.User, ["run", $"link-{directory}", "true"], null, HostileImage.SearchPath(images)).Refused(125, $"/{directory}", "symbolic link");
        Assert.Empty(Directory.EnumerateFileSystemEntries(sentinel));
    }

    [UserTheory]
    [MemberData(nameof(KernelDirectories))]
    public void A_link_inside_the_image_in_that_place_is_refused_too(string directory)
    {
        string images = HostileImage.Make(Sandbox, $"inner-{directory}", root => HostileImage.Link(root, directory, "/tmp"));
        Sandbox.Csrun(Identity.User, ["run", $"inner-{directory}", "true"], null, HostileImage.SearchPath(images)).Refused(125, $"/{directory}", "symbolic link");
    }

    [UserFact]
    public void What_the_image_has_in_dev_is_out_of_reach()
    {
        string sentinel = Sandbox.Directory(Identity.User, "sentinel");
        string images = HostileImage.Make(Sandbox, "devs", root =>
        {
            File.CreateSymbolicLink(Path.Combine(root, "dev/null"), Path.Combine(sentinel, "null"));
            File.CreateSymbolicLink(Path.Combine(root, "dev/console"), Path.Combine(sentinel, "console"));
            File.CreateSymbolicLink(Path.Combine(root, "dev/pts"), sentinel);
            File.CreateSymbolicLink(Path.Combine(root, "dev/shm"), sentinel);
        });
        Sandbox.Csrun(Identity.User, ["run", "devs", "sh", "-c", "stat -c %t:%T /dev/null; echo x > /dev/null; test -d /dev/pts -a ! -L /dev/pts && echo directory"], null, HostileImage.SearchPath(images))
            .Printed("1:3\ndirectory");
        Assert.Empty(Directory.EnumerateFileSystemEntries(sentinel));
    }

    [UserFact]
    public void Links_of_etc_files_lead_nowhere_and_the_run_works()
    {
        string sentinel = Sandbox.Directory(Identity.User, "sentinel");
        File.WriteAllText(Path.Combine(sentinel, "hosts"), "the host's");
        string images = HostileImage.Make(Sandbox, "etc-links", root =>
        {
            HostileImage.Link(root, "etc/hosts", Path.Combine(sentinel, "hosts"));
            HostileImage.Link(root, "etc/hostname", "/proc/self/fd/5/x");
            HostileImage.Link(root, "etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf"); // as on Ubuntu
        });
        Sandbox.Csrun(Identity.User, ["run", "--hostname", "box", "etc-links", "sh", "-c", "cat /etc/hostname; grep -c box /etc/hosts; echo more >> /etc/hosts; cat /etc/resolv.conf > /dev/null && echo read"], null, HostileImage.SearchPath(images))
            .Printed("box\n1\nread");
        Assert.Equal("the host's", File.ReadAllText(Path.Combine(sentinel, "hosts")));
        Assert.Single(Directory.EnumerateFileSystemEntries(sentinel));
    }

    [UserFact]
    public void Descriptors_of_the_host_cannot_be_reached_through_a_mount_point() => ThroughDescriptors(Identity.User, []);

    [RootFact]
    public void Descriptors_of_the_host_cannot_be_reached_through_a_mount_point_of_root() => ThroughDescriptors(Identity.Root, ["--userns", "host"]);

    [UserFact]
    public void A_linked_etc_makes_no_file_on_the_host()
    {
        string sentinel = Sandbox.Directory(Identity.User, "sentinel");
        for (int fd = FirstFd; fd <= 8; fd++)
        {
            int number = fd;
            string images = HostileImage.Make(Sandbox, $"etc-{fd}", root => HostileImage.Link(root, "etc", $"/proc/self/fd/{number}/{Climb(sentinel)}"));
            Sandbox.Csrun(Identity.User, ["run", $"etc-{fd}", "true"], null, HostileImage.SearchPath(images)).Refused(125, "/etc");
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(sentinel));
    }

    [UserFact]
    public void A_volume_below_a_link_inside_the_image_works()
    {
        string volume = Sandbox.Directory(Identity.User);
        File.WriteAllText(Path.Combine(volume, "file"), "mine");
        string images = HostileImage.Make(Sandbox, "honest", root =>
        {
            Directory.CreateDirectory(Path.Combine(root, "real"));
            File.CreateSymbolicLink(Path.Combine(root, "link"), "/real");
        });
        Sandbox.Csrun(Identity.User, ["run", "-v", $"{volume}:/link/deep/er", "honest", "cat", "/real/deep/er/file"], null, HostileImage.SearchPath(images)).Printed("mine");
    }

    [UserFact]
    public void The_working_directory_is_not_looked_up_through_links_to_the_host()
    {
        string sentinel = Sandbox.Directory(Identity.User, "sentinel");
        string images = HostileImage.Make(Sandbox, "workdir", root => File.CreateSymbolicLink(Path.Combine(root, "link"), sentinel));
        Sandbox.Csrun(Identity.User, ["run", "-w", "/link/x", "workdir", "true"], null, HostileImage.SearchPath(images)).Exited(126);
        Assert.Empty(Directory.EnumerateFileSystemEntries(sentinel));
    }

    private void ThroughDescriptors(Identity identity, string[] options)
    {
        string sentinel = Sandbox.Directory(identity, "sentinel");
        string volume = Sandbox.Directory(identity, "volume");
        string images = HostileImage.Make(Sandbox, "descriptors", root =>
        {
            for (int fd = FirstFd; fd <= LastFd; fd++)
            {
                File.CreateSymbolicLink(Path.Combine(root, $"l{fd}"), $"/proc/self/fd/{fd}/{Climb(sentinel)}");
            }
        });
        for (int fd = FirstFd; fd <= LastFd; fd++)
        {
            Sandbox.Csrun(identity, ["run", .. options, "-v", $"{volume}:/l{fd}/made/{fd}", "descriptors", "true"], null, HostileImage.SearchPath(images)).Refused(125, $"/l{fd}");
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(sentinel));
    }

    /// <summary>From a directory of a container up to the root, and down to a path: more .. than there are directories do no harm.</summary>
    private static string Climb(string path) => string.Concat(Enumerable.Repeat("../", 16)) + path[1..];
}
