namespace Csrun.Integration.Tests.Harness;

/// <summary>A plain root file system directory made of the host's static busybox: for tests that need no image.</summary>
public static class TestRootfs
{
    private static readonly string[] s_directories = ["bin", "sbin", "usr/bin", "usr/sbin", "etc", "root", "tmp", "var", "home"];
    private static readonly string[] s_mountPoints = ["dev", "proc", "sys", "run"];

    /// <summary>Makes one that belongs to the identity.</summary>
    /// <param name="sandbox">The class's world, which removes it in the end.</param>
    /// <param name="owner">Whose files they are.</param>
    /// <param name="mountPoints">Also make dev, proc, sys and run.</param>
    public static string Make(Sandbox sandbox, Identity owner, bool mountPoints = true)
    {
        string busybox = Host.Find("busybox") ?? throw new InvalidOperationException("needs busybox-static: scripts/setup.sh installs it");
        string root = sandbox.Directory(owner, "rootfs");
        foreach (string directory in mountPoints ? s_directories.Concat(s_mountPoints) : s_directories)
        {
            Directory.CreateDirectory(Path.Combine(root, directory));
        }

        string copy = Path.Combine(root, "bin", "busybox");
        File.Copy(busybox, copy);
        foreach (string applet in Tool.Check(busybox, "--list-full").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string link = Path.Combine(root, applet);
            if (applet != "bin/busybox" && Directory.Exists(Path.GetDirectoryName(link)))
            {
                File.CreateSymbolicLink(link, "/bin/busybox");
            }
        }

        File.WriteAllText(Path.Combine(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nguest:x:405:100:guest:/home:/bin/sh\n");
        File.WriteAllText(Path.Combine(root, "etc/group"), "root:x:0:root\nbin:x:1:root\nusers:x:100:\n");
        Account account = Host.Of(owner);
        if (Host.IsRoot)
        {
            Tool.Check("chown", "-hR", $"{account.Uid}:{account.Gid}", root);
        }

        return root;
    }
}
