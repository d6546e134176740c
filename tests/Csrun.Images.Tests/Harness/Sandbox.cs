using System.Globalization;
using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Tests.Harness;

/// <summary>A directory to unpack into, and beside it one that must never change.</summary>
internal sealed class Sandbox : IDisposable
{
    private const string Secret = "untouched";

    internal Sandbox()
    {
        Base = Directory.CreateTempSubdirectory("csrun-images-").FullName;
        Root = Directory.CreateDirectory(Path.Combine(Base, "root")).FullName;
        Outside = Directory.CreateDirectory(Path.Combine(Base, "outside")).FullName;
        File.WriteAllText(Sentinel, Secret);
        File.SetUnixFileMode(Sentinel, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetLastWriteTimeUtc(Sentinel, DateTime.UnixEpoch.AddYears(40));
    }

    internal string Base { get; }

    internal string Root { get; }

    internal string Outside { get; }

    internal string Sentinel => Path.Combine(Outside, "sentinel");

    internal string In(string path) => Path.Combine(Root, path);

    internal string Text(string path) => File.ReadAllText(In(path));

    internal UnpackResult Unpack(byte[] archive, UnpackOptions? options = null, IUnpackObserver? observer = null)
    {
        using SafeFd root = Open(Root);
        using MemoryStream stream = new(archive);
        return Unpacker.Unpack(stream, root, options ?? new UnpackOptions(), observer);
    }

    internal UnpackResult UnpackFile(string path, UnpackOptions? options = null)
    {
        using SafeFd root = Open(Root);
        using SafeFd tarball = Sys.Openat2(null, path, OpenFlags.O_RDONLY).FdOrThrow("openat2", path);
        return Unpacker.Unpack(tarball, root, options ?? new UnpackOptions());
    }

    internal static SafeFd Open(string directory) => Sys.Openat2(null, directory, OpenFlags.O_DIRECTORY).FdOrThrow("openat2", directory);

    /// <summary>Type, mode, owner, size and time of a path, as find(1) prints them.</summary>
    internal string Stat(string path, string format) => Tool.Must("find", In(path), "-maxdepth", "0", "-printf", format);

    internal uint Mode(string path) => Convert.ToUInt32(Stat(path, "%m"), 8);

    internal long Links(string path) => long.Parse(Stat(path, "%n"), CultureInfo.InvariantCulture);

    /// <summary>Nothing outside the root was made, changed, or linked to.</summary>
    internal void AssertOutsideUntouched()
    {
        Assert.Equal([Sentinel], Directory.GetFileSystemEntries(Outside));
        Assert.Equal(Secret, File.ReadAllText(Sentinel));
        Assert.Equal(DateTime.UnixEpoch.AddYears(40), File.GetLastWriteTimeUtc(Sentinel));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Sentinel));
        Assert.Equal("1", Tool.Must("find", Sentinel, "-printf", "%n"));
        Assert.Equal([Outside, Root], Directory.GetFileSystemEntries(Base).Order(StringComparer.Ordinal));
    }

    public void Dispose()
    {
        using SafeFd parent = Open(Path.GetDirectoryName(Base)!);
        TreeRemover.Remove(parent, Path.GetFileName(Base));
    }
}
