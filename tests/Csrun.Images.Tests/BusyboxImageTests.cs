using Csrun.Images.Tests.Harness;

namespace Csrun.Images.Tests;

/// <summary>scripts/make-busybox-image.sh.</summary>
public sealed class BusyboxImageTests : IDisposable
{
    private readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    private sealed class BusyboxFactAttribute : FactAttribute
    {
        public BusyboxFactAttribute() => Skip = Tool.Exists("busybox") ? null : "needs busybox-static";
    }

    private static string Script
    {
        get
        {
            DirectoryInfo? directory = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory!.FullName, "runtime.sln")))
            {
                directory = directory.Parent;
            }

            return Path.Combine(directory.FullName, "scripts/make-busybox-image.sh");
        }
    }

    [BusyboxFact]
    public void The_image_is_the_same_each_time_and_has_a_shell_and_alpines_accounts()
    {
        string one = Path.Combine(_box.Base, "one.tar.gz");
        string two = Path.Combine(_box.Base, "two.tar.gz");
        Tool.Must(Script, one);
        Tool.Must("sh", "-c", $"umask 077; TZ=Asia/Tokyo '{Script}' '{two}'");
        Assert.Equal(File.ReadAllBytes(one), File.ReadAllBytes(two));

        _box.UnpackFile(one, new Unpacking.UnpackOptions { SingleId = !Environment.IsPrivilegedProcess });
        File.Delete(one);
        File.Delete(two);
        Assert.Equal(("/bin/busybox", "1777", "700"), (new FileInfo(_box.In("bin/sh")).LinkTarget, _box.Stat("tmp", "%m"), _box.Stat("root", "%m")));
        Assert.False(File.Exists(_box.In("etc/hostname")));
        string[] rootsGroups = [.. File.ReadLines(_box.In("etc/group")).Select(static line => line.Split(':')).Where(static fields => fields[3].Split(',').Contains("root")).Select(static fields => $"{fields[2]}({fields[0]})")];
        Assert.Equal("0(root),1(bin),2(daemon),3(sys),4(adm),6(disk),10(wheel),11(floppy),20(dialout),26(tape),27(video)", string.Join(',', rootsGroups));
        Assert.All(File.ReadLines(_box.In("etc/passwd")), static line => Assert.Equal(7, line.Split(':').Length));
        Assert.Contains("bin/busybox", Tool.Must(_box.In("bin/busybox"), "sh", "-c", "echo $0 bin/busybox"), StringComparison.Ordinal);
    }

    [AlpineFact]
    public void The_account_numbers_are_alpines()
    {
        if (!Tool.Exists("busybox"))
        {
            return;
        }

        string image = Path.Combine(_box.Base, "image.tar.gz");
        Tool.Must(Script, image);
        foreach ((string table, int id) in (ReadOnlySpan<(string, int)>)[("./etc/passwd", 2), ("./etc/group", 2)])
        {
            Dictionary<string, string> alpine = Table(AlpineFactAttribute.Tarball!, table, id);
            foreach ((string name, string number) in Table(image, table, id))
            {
                Assert.Equal((name, alpine[name]), (name, number));
            }
        }

        File.Delete(image);
    }

    private static Dictionary<string, string> Table(string tarball, string path, int field) =>
        Tool.Must("tar", "xzOf", tarball, path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(':')).ToDictionary(static fields => fields[0], fields => fields[field]);
}
