using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>Links that a bundle's root file system has, or gets while the container is made, in the place of mount points and devices.</summary>
/// <remarks>CVE-2023-27561, CVE-2026-41579, CVE-2026-88265, CVE-2021-30465, CVE-2024-45310, CVE-2025-31133.</remarks>
public sealed class BundleLinkTests(Sandbox sandbox) : BundleTest(sandbox)
{
    [RootTheory]
    [InlineData("proc")]
    [InlineData("sys")]
    [InlineData("dev")]
    public void A_link_in_the_place_of_a_kernels_directory_makes_nothing_on_the_host(string name)
    {
        string sentinel = Sandbox.Directory(Identity.Root, "sentinel");
        string bundle = Bundles.Make(Sandbox, Identity.Root, config => config["mounts"]!.AsArray().Add(Mount("/sys", "sysfs", "sysfs", "ro")));
        Directory.Delete(In(bundle, name));
        File.CreateSymbolicLink(In(bundle, name), sentinel);
        Sandbox.Csrun(Identity.Root, "create", "-b", bundle, "linked").Refused(125, "symbolic link");
        Assert.Empty(Directory.GetFileSystemEntries(sentinel));
    }

    [RootTheory]
    [InlineData("/link/x")]
    [InlineData("/up/x/y")]
    public void A_working_directory_behind_a_link_makes_and_owns_nothing_on_the_host(string cwd)
    {
        string sentinel = Sandbox.Directory(Identity.Root, "sentinel");
        string bundle = Bundles.Make(Sandbox, Identity.Root, config =>
        {
            config["process"]!["cwd"] = cwd;
            config["process"]!["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
        });
        File.CreateSymbolicLink(In(bundle, "link"), sentinel);
        File.CreateSymbolicLink(In(bundle, "up"), string.Concat(Enumerable.Repeat("../", 16)) + sentinel[1..]);
        RunResult result = Sandbox.Shell(Identity.Root, $"$CSRUN create -b {bundle} cwd </dev/null; $CSRUN delete --force cwd");
        Assert.Empty(Directory.GetFileSystemEntries(sentinel));
        Assert.Equal("0", Tool.Check("stat", "-c", "%u", sentinel).Trim());
        Assert.DoesNotContain("defect", result.Stderr, StringComparison.Ordinal);
    }

    [RootFact]
    public void Devices_that_are_links_are_neither_opened_nor_owned_nor_made()
    {
        string sentinel = Sandbox.Directory(Identity.Root, "sentinel");
        File.WriteAllText(Path.Combine(sentinel, "null"), "host");
        string bundle = Bundles.Make(Sandbox, Identity.Root, config =>
        {
            config["process"]!["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
            Args(config, "sh", "-c", "echo x > /dev/null; stat -c %t:%T /dev/null; test -L /dev/console || echo none");
        });
        foreach (string name in (string[])["null", "console", "pts", "tty", "ptmx"])
        {
            File.CreateSymbolicLink(In(bundle, $"dev/{name}"), Path.Combine(sentinel, name));
        }

        Assert.Equal("1:3\nnone\n", Run(Identity.Root, bundle, "devices"));
        Assert.Equal("host", File.ReadAllText(Path.Combine(sentinel, "null")));
        Assert.Equal("0", Tool.Check("stat", "-c", "%u", Path.Combine(sentinel, "null")).Trim());
        Assert.Single(Directory.GetFileSystemEntries(sentinel));
    }

    [RootFact]
    public void What_masks_is_the_hosts_null_device_whatever_the_image_has_for_it()
    {
        string sentinel = Sandbox.Directory(Identity.Root, "sentinel");
        File.WriteAllText(Path.Combine(sentinel, "file"), "host");
        string bundle = Bundles.Make(Sandbox, Identity.Root, config =>
        {
            // No tmpfs on /dev: the image's own is what the container has.
            config["mounts"] = new JsonArray(Mount("/proc", "proc", "proc"));
            config["linux"]!["maskedPaths"] = new JsonArray("/etc/secret", "/proc/version");
            Args(config, "sh", "-c", "stat -c %t:%T /etc/secret /proc/version; cat /etc/secret /proc/version; echo x >> /etc/secret; true");
        });
        File.WriteAllText(In(bundle, "etc/secret"), "secret");
        File.CreateSymbolicLink(In(bundle, "dev/null"), Path.Combine(sentinel, "file"));
        Assert.Equal("1:3\n1:3\n", Run(Identity.Root, bundle, "masks"));
        Assert.Equal("host", File.ReadAllText(Path.Combine(sentinel, "file")));
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_mount_point_that_is_exchanged_all_the_time_leads_no_mount_to_the_host(bool hooks)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return; // renameat2's number below
        }

        string sentinel = Sandbox.Directory(Identity.Root, "sentinel");
        string bundle = Bundles.Make(Sandbox, Identity.Root, config =>
        {
            Args(config, "true");
            config["mounts"]!.AsArray().Add(Mount("/a/b/c", "tmpfs", "tmpfs"));
            if (hooks)
            {
                config["hooks"] = new JsonObject { ["createContainer"] = new JsonArray(Hook("true")) };
            }
        });
        string rootfs = new FileInfo(Path.Combine(bundle, "rootfs")).LinkTarget!;
        Directory.CreateDirectory(Path.Combine(rootfs, "a"));
        File.CreateSymbolicLink(Path.Combine(rootfs, "x"), string.Concat(Enumerable.Repeat("../", 16)) + sentinel[1..]);
        using Process swapper = Tool.Start(new ProcessStartInfo("/usr/bin/perl", ["-e", "my ($a, $b) = @ARGV; while (1) { syscall(316, -100, $a, -100, $b, 2) }", Path.Combine(rootfs, "a"), Path.Combine(rootfs, "x")]));
        int made = 0;
        try
        {
            for (int i = 0; i < 40; i++)
            {
                RunResult result = Sandbox.Shell(Identity.Root, $"$CSRUN create -b {bundle} race </dev/null >/dev/null; made=$?; $CSRUN delete --force race 2>/dev/null; exit $made");
                made += result.ExitCode == 0 ? 1 : 0;
                Assert.Empty(Directory.GetFileSystemEntries(sentinel));
            }
        }
        finally
        {
            swapper.Kill();
            swapper.WaitForExit();
        }

        Assert.DoesNotContain(File.ReadLines("/proc/self/mountinfo"), line => line.Contains(sentinel, StringComparison.Ordinal));
        // Without the race it works.
        Sandbox.Shell(Identity.Root, $"test -L {rootfs}/a && mv {rootfs}/a {rootfs}/l; rm -f {rootfs}/x {rootfs}/l; mkdir -p {rootfs}/a").Succeeded();
        Assert.Equal("", Run(Identity.Root, bundle, "honest"));
        Assert.InRange(made, 0, 40);
    }
}
