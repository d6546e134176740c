using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>proc, the terminal and control groups on bundles. CVE-2025-52881, CVE-2019-16884, CVE-2025-52565, CVE-2023-25809.</summary>
public sealed class BundleProcTests(Sandbox sandbox) : BundleTest(sandbox)
{
    [UserTheory]
    [InlineData("/proc", "tmpfs")]
    [InlineData("/proc/sys", "tmpfs")]
    [InlineData("/proc/self/attr", "bind")]
    [InlineData("/proc/sysrq-trigger", "bind")]
    public void Nothing_may_lie_over_proc(string destination, string type)
    {
        string fake = Sandbox.Directory(Identity.User, "fake");
        string bundle = Bundles.Make(Sandbox, Identity.User, config => config["mounts"]!.AsArray().Add(Mount(destination, type, type == "bind" ? fake : "tmpfs", type == "bind" ? "rbind" : "rw")));
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "covered").Refused(125, "/proc");
        Assert.Empty(Directory.GetFileSystemEntries(fake));
    }

    [UserFact]
    public void Kernel_parameters_go_to_the_kernel_and_to_no_file_of_the_image()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            config["linux"]!["sysctl"] = new JsonObject { ["kernel.msgmax"] = "4321" };
            config["process"]!["oomScoreAdj"] = 500;
            Args(config, "cat", "/proc/sys/kernel/msgmax", "/proc/self/oom_score_adj");
        });
        Sandbox.Shell(Identity.User, $"mkdir -p {bundle}/rootfs/proc/sys/kernel {bundle}/rootfs/proc/self; echo image > {bundle}/rootfs/proc/sys/kernel/msgmax; echo image > {bundle}/rootfs/proc/self/oom_score_adj").Succeeded();
        string host = File.ReadAllText("/proc/sys/kernel/msgmax");
        Assert.Equal("4321\n500\n", Run(Identity.User, bundle, "parameters"));
        Assert.Equal("image\n", File.ReadAllText(In(bundle, "proc/sys/kernel/msgmax")));
        Assert.Equal(host, File.ReadAllText("/proc/sys/kernel/msgmax"));
    }

    [UserFact]
    public void The_terminal_is_of_the_containers_own_devpts_whatever_links_the_image_has()
    {
        string sentinel = Sandbox.Directory(Identity.User, "sentinel");
        string socket = Path.Combine(Sandbox.Directory(Identity.User), "console");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socket));
        File.SetUnixFileMode(socket, (UnixFileMode)0x1b6);
        listener.Listen(1);
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            config["process"]!["terminal"] = true;
            Args(config, "sh", "-c", "tty; stat -c '%F %t' /dev/console; grep -c ' /dev/console ' /proc/self/mountinfo; test /proc/self/fd/0 -ef /dev/console && echo same");
        });
        File.CreateSymbolicLink(In(bundle, "dev/console"), Path.Combine(sentinel, "console"));
        File.CreateSymbolicLink(In(bundle, "dev/pts"), sentinel);
        Create(Identity.User, bundle, "terminal", $"--console-socket {socket}");
        using Socket connection = listener.Accept();
        (byte[] name, int master) = DescriptorMessage.Receive((int)connection.Handle);
        Assert.Equal("/dev/ptmx", Encoding.UTF8.GetString(name));
        Sandbox.Csrun(Identity.User, "start", "terminal").Printed("");
        using FileStream terminal = new(new Microsoft.Win32.SafeHandles.SafeFileHandle(master, ownsHandle: true), FileAccess.Read, 0);
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        try
        {
            for (int read; (read = terminal.Read(buffer, 0, buffer.Length)) > 0;)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // EIO: the other end is closed.
        }

        Assert.Equal("/dev/pts/0\r\ncharacter special file 88\r\n1\r\nsame\r\n", text.ToString());
        Assert.Empty(Directory.GetFileSystemEntries(sentinel));
    }

    [UserFact]
    public void A_terminal_without_the_containers_own_dev_is_refused()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            config["process"]!["terminal"] = true;
            config["mounts"] = new JsonArray(Mount("/proc", "proc", "proc"));
        });
        string socket = Path.Combine(Sandbox.Directory(Identity.User), "console");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socket));
        File.SetUnixFileMode(socket, (UnixFileMode)0x1b6);
        listener.Listen(1);
        Sandbox.Csrun(Identity.User, "create", "--console-socket", socket, "-b", bundle, "no-dev").Refused(125, "devpts");
    }

    [UserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Control_groups_of_the_host_cannot_be_written(bool ownNamespace)
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            config["mounts"]!.AsArray().Add(Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"));
            config["mounts"]!.AsArray().Add(Mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime"));
            if (ownNamespace)
            {
                config["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "cgroup" });
            }

            Args(config, "sh", "-c", "cd /sys/fs/cgroup; for d in . *; do mkdir $d/csrun-escape 2>/dev/null && echo made $d; (echo 1 > $d/cgroup.procs) 2>/dev/null && echo moved $d; (echo /x > $d/release_agent) 2>/dev/null && echo agent $d; done; true");
        });
        string output = Run(Identity.User, bundle, $"groups-{ownNamespace}");
        Assert.DoesNotContain("agent", output, StringComparison.Ordinal);
        Assert.DoesNotContain("made", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Tree.Directories("/sys/fs/cgroup", 6), path => path.Contains("csrun-escape", StringComparison.Ordinal));
    }
}
