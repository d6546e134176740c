using Csrun.Images.Tests.Harness;

namespace Csrun.Images.Tests;

/// <summary>The real Alpine root file system.</summary>
public sealed class AlpineTests : IDisposable
{
    private const string Everything = "%P %y %m %s %T@ %n %l\n";
    private const string Owners = "%P %U %G\n";
    private readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    [AlpineFact]
    public void Comes_out_as_GNU_tar_unpacks_it()
    {
        bool root = Environment.IsPrivilegedProcess;
        _box.UnpackFile(AlpineFactAttribute.Tarball!, new Unpacking.UnpackOptions { SingleId = !root });
        string other = Directory.CreateDirectory(Path.Combine(_box.Base, "tar")).FullName;
        Tool.Must("tar", "xpzf", AlpineFactAttribute.Tarball!, "-C", other, root ? "--same-owner" : "--no-same-owner");
        Assert.Equal(Listing(other, Everything), Listing(_box.Root, Everything));
        Assert.Equal(Listing(other, Owners), Listing(_box.Root, Owners));
        Assert.Empty(Tool.Must("diff", "-r", "--no-dereference", other, _box.Root));
    }

    private static string Listing(string directory, string format) =>
        string.Join('\n', Tool.Must("find", directory, "-printf", format).Split('\n').Order(StringComparer.Ordinal));
}
