using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.State;

/// <summary>A container's directory, <c>containers/ID</c>: its writable layer (upper and work), and a lock that tells whether csrun is alive.</summary>
/// <remarks>flock(2): the kernel gives the lock back when csrun ends in whatever way, so the next run knows what is left over.</remarks>
public sealed class ContainerDirectory : IDisposable
{
    private const uint Private = 0x1c0; // 0700
    private const uint Anyone = 0x1ff; // 0777

    // An empty file: whatever becomes of the container's csrun, the directory stays until somebody removes the container.
    private const string KeepFile = "keep";

    private ContainerDirectory(string id, string path, SafeFd directory)
    {
        Id = id;
        Path = path;
        Directory = directory;
    }

    /// <summary>The container's ID, 64 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The directory's path.</summary>
    public string Path { get; }

    /// <summary>The directory, which carries the lock.</summary>
    public SafeFd Directory { get; }

    /// <summary>Where containers of this state are.</summary>
    public static string Parent(StateRoots roots) => $"{roots.Data}/containers";

    /// <summary>Makes the directory of a new container and takes its lock.</summary>
    /// <param name="roots">Where state is kept.</param>
    /// <param name="id">Its ID, from <see cref="NewId"/>.</param>
    public static ContainerDirectory Create(StateRoots roots, string id)
    {
        string parent = Parent(roots);
        MakePath(parent);
        while (true)
        {
            string path = $"{parent}/{id}";
            Sys.Mkdirat(null, path, Private).OrThrow("mkdirat", path, null, "choose another place for csrun's state: --root DIR");
            SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
            if (!opened.Ok)
            {
                continue; // a run that sweeps was faster: see below
            }

            // The lock is on the directory itself: no file to be made, opened and removed. Another run that sweeps may have been
            // faster and taken the new directory for a left-over one; then its name is gone.
            SafeFd directory = new(opened.Int);
            Sys.Flock(directory, FlockOperation.LOCK_EX).OrThrow("flock", path);
            if (!Sys.Statx(null, path, out _).Ok)
            {
                directory.Dispose();
                continue;
            }

            return new ContainerDirectory(id, path, directory);
        }
    }

    /// <summary>Whether a name is a container's ID.</summary>
    public static bool IsId(string name)
    {
        bool hexadecimal = name.Length == 64;
        foreach (char c in name)
        {
            hexadecimal &= char.IsAsciiHexDigitLower(c);
        }

        return hexadecimal;
    }

    /// <summary>A new container's ID: 256 random bits, in hexadecimal.</summary>
    public static string NewId()
    {
        Span<byte> random = stackalloc byte[32];
        Sys.Getrandom(random);
        return Convert.ToHexStringLower(random);
    }

    /// <summary>Lets a container whose root is not the caller make its layer here; the directory above lets nobody else in.</summary>
    public void OpenToContainer() => Sys.Fchmod(Directory, Anyone).OrThrow("fchmod", Path);

    /// <summary>Has the container stay after its end, until it is removed by name.</summary>
    public void Keep()
    {
        using SafeFd file = Sys.Openat2(Directory, KeepFile, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_NOFOLLOW, 0x180).FdOrThrow("openat2", $"{Path}/{KeepFile}");
    }

    /// <summary>Whether a container's directory stays after its end.</summary>
    public static bool IsKept(SafeFd directory) => Sys.Statx(directory, "keep\0"u8, out _).Ok;

    /// <summary>Whether a living csrun holds a container's directory.</summary>
    /// <remarks>Asked with a shared lock, which is given back at once: two who ask at the same time do not take each other for the holder.</remarks>
    public static bool IsHeld(SafeFd directory)
    {
        bool free = Sys.Flock(directory, FlockOperation.LOCK_SH | FlockOperation.LOCK_NB).Ok;
        if (free)
        {
            Sys.Flock(directory, FlockOperation.LOCK_UN);
        }

        return !free;
    }

    /// <summary>Makes a directory and its parents, 0700, where missing.</summary>
    public static void MakePath(string path)
    {
        SysResult made = Sys.Mkdirat(null, path, Private);
        if (made.Errno == Errno.ENOENT && path.LastIndexOf('/') is > 0 and int slash)
        {
            MakePath(path[..slash]);
            made = Sys.Mkdirat(null, path, Private);
        }

        if (!made.Ok && made.Errno != Errno.EEXIST)
        {
            made.OrThrow("mkdirat", path, PathDiagnosis.ExplainMaking(path, made.Errno)?.Why, "choose another place for csrun's state: --root DIR, or CSRUN_ROOT");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Dispose();
}
