using Csrun.Images.Store;

namespace Csrun.Images.Tests;

/// <summary>Which file of CSRUN_IMAGE_PATH an image name means.</summary>
public sealed class TarballSearchTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("csrun-search-").FullName;

    public void Dispose() => Directory.Delete(_directory, true);

    private string? Find(string name, params string[] files)
    {
        foreach (string old in Directory.GetFiles(_directory))
        {
            File.Delete(old);
        }

        foreach (string file in files)
        {
            File.WriteAllText(Path.Combine(_directory, file), "");
        }

        return Path.GetFileName(TarballSearch.Find(ImageName.Parse(name), [_directory], out _));
    }

    private static string Arch => MachineArchitecture.Own;

    private static string Other => Arch == "x86_64" ? "aarch64" : "x86_64";

    [Fact]
    public void Plain_names_mean_the_highest_version() => Assert.Equal(
        $"alpine-minirootfs-3.20.3-{Arch}.tar.gz",
        Find("alpine", $"alpine-minirootfs-3.16.9-{Arch}.tar.gz", $"alpine-minirootfs-3.20.3-{Arch}.tar.gz", $"alpine-minirootfs-3.9.6-{Arch}.tar.gz"));

    [Theory]
    [InlineData("alpine:3.16", "3.16.9")]
    [InlineData("alpine:3.16.9", "3.16.9")]
    [InlineData("alpine:3", "3.20.3")]
    [InlineData("alpine:3.2", null)]
    [InlineData("alpine:16.9", null)]
    [InlineData("alpine:latest", "3.20.3")]
    [InlineData("alpin", null)]
    [InlineData("alpine-minirootfs", "3.20.3")]
    public void Tags_mean_the_beginning_of_a_version(string name, string? version) => Assert.Equal(
        version is null ? null : $"alpine-minirootfs-{version}-{Arch}.tar.gz",
        Find(name, $"alpine-minirootfs-3.16.9-{Arch}.tar.gz", $"alpine-minirootfs-3.20.3-{Arch}.tar.gz"));

    [Fact]
    public void Only_this_machines_architecture_counts()
    {
        Assert.Equal($"a-1-{Arch}.tar", Find("a", $"a-1-{Arch}.tar", $"a-2-{Other}.tar", "a-3-riscv64.tar"));
        Assert.Equal("a-2.tar", Find("a", $"a-1-{Arch}.tar", "a-2.tar"));
        Assert.Null(Find("a", $"a-2-{Other}.tar"));
        TarballSearch.Find(ImageName.Parse("a"), [_directory], out string? foreign);
        Assert.Equal($"a-2-{Other}.tar", Path.GetFileName(foreign));
        Assert.Equal("debian-12-amd64.tar.xz", Arch == "x86_64" ? Find("debian", "debian-12-amd64.tar.xz", "debian-13-arm64.tar.xz") : "debian-12-amd64.tar.xz");
    }

    [Fact]
    public void Names_without_version_and_all_endings_count()
    {
        Assert.Equal("b.tar", Find("b", "b.tar", "bc.tar", "b.txt", "b-1.zip"));
        Assert.Equal("c.tgz", Find("c", "c.tgz"));
        Assert.Equal("d-1.tar.zst", Find("d", "d-1.tar.zst", "d-1.iso"));
        Assert.Null(Find("e", "e.tar.sig", "e", ".tar"));
    }

    [Theory]
    [InlineData("3.20.3", "3.16.9", 1)]
    [InlineData("3.9", "3.10", -1)]
    [InlineData("3.20", "3.20.0", -1)]
    [InlineData("3.20_rc1", "3.20", -1)]
    [InlineData("3.20-rc1", "3.20-rc2", -1)]
    [InlineData("3.20.0_rc1", "3.20.0", -1)]
    [InlineData("12", "12", 0)]
    [InlineData("20240101", "9", 1)]
    [InlineData("1.010", "1.10", 0)]
    [InlineData("99999999999999999999999999", "100000000000000000000000000", -1)]
    public void Versions_are_ordered_by_number(string a, string b, int order)
    {
        Assert.Equal(order, Math.Sign(VersionOrder.Compare(a, b)));
        Assert.Equal(-order, Math.Sign(VersionOrder.Compare(b, a)));
    }

    [Fact]
    public void Directories_that_are_missing_are_passed_over_and_the_first_that_has_it_wins()
    {
        string second = Directory.CreateDirectory(Path.Combine(_directory, "second")).FullName;
        File.WriteAllText(Path.Combine(second, "x-9.tar"), "");
        File.WriteAllText(Path.Combine(_directory, "x-1.tar"), "");
        Assert.Equal("x-1.tar", Path.GetFileName(TarballSearch.Find(ImageName.Parse("x"), ["", "/nonexistent", "/etc/passwd", _directory, second], out _)));
    }

    [Theory]
    [InlineData("alpien", "alpine")]
    [InlineData("apline", "alpine")]
    [InlineData("busybx", "busybox")]
    [InlineData("debian", null)]
    [InlineData("x", null)]
    public void Close_names_are_found(string typed, string? meant) => Assert.Equal(meant, NameDistance.Closest(typed, ["alpine", "busybox", "fedora"]));
}
