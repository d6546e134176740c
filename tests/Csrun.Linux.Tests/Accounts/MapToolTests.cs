using System.Runtime.Versioning;
using Csrun.Linux.Accounts;

namespace Csrun.Linux.Tests.Accounts;

[SupportedOSPlatform("linux")]
public sealed class MapToolTests : IDisposable
{
    private readonly string _bin = Directory.CreateTempSubdirectory("csrun-bin-").FullName;

    public void Dispose() => Directory.Delete(_bin, recursive: true);

    [Fact]
    public void A_path_without_the_tool_says_missing()
    {
        MapTool tool = MapTool.NewUidMap(_bin);
        Assert.Equal((MapToolState.Missing, null, "newuidmap is not in PATH"), (tool.State, tool.Path, tool.Why));
        // A directory, or a file that is not executable, is no program; a relative entry is not looked into.
        Directory.CreateDirectory($"{_bin}/newuidmap");
        File.WriteAllText($"{_bin}/newgidmap", "");
        Assert.Equal(MapToolState.Missing, MapTool.NewUidMap($":.:{_bin}").State);
        Assert.Equal(MapToolState.Missing, MapTool.NewGidMap(_bin).State);
    }

    [Fact]
    public void A_tool_without_its_bit_says_what_it_lacks()
    {
        File.WriteAllText($"{_bin}/newuidmap", "");
        File.SetUnixFileMode($"{_bin}/newuidmap", (UnixFileMode)0b111_101_101);
        MapTool tool = MapTool.NewUidMap($"/nonexistent:{_bin}");
        Assert.Equal((MapToolState.NoPrivilege, $"{_bin}/newuidmap"), (tool.State, tool.Path));
        Assert.Equal("it is neither setuid root nor has a file capability", tool.Why);
    }

    [Fact]
    public void A_setuid_tool_is_privileged_if_it_is_roots()
    {
        File.WriteAllText($"{_bin}/newgidmap", "");
        File.SetUnixFileMode($"{_bin}/newgidmap", UnixFileMode.SetUser | (UnixFileMode)0b111_101_101);
        MapTool tool = MapTool.NewGidMap(_bin);
        if (Environment.UserName == "root")
        {
            // The temporary directory may lie on a nosuid mount: then that is what has to be said.
            Assert.True(tool.State == MapToolState.Privileged || tool.Why!.Contains("nosuid", StringComparison.Ordinal), tool.Why);
        }
        else
        {
            Assert.Equal(MapToolState.NoPrivilege, tool.State);
            Assert.Contains("not to root", tool.Why, StringComparison.Ordinal);
        }
    }
}
