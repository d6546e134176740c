using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;

namespace Csrun.Engine;

/// <summary>Directories that no tree may be or contain (the root, the caller's home, csrun's store), known by device and inode: whatever name leads to them.</summary>
internal sealed class ProtectedDirectories
{
    private readonly List<(uint Major, uint Minor, ulong Inode, string Why)> _directories = [];

    /// <summary>Finds them: the home of HOME and of passwd(5).</summary>
    /// <param name="store">The directory of csrun's images.</param>
    internal static ProtectedDirectories Find(string store)
    {
        ProtectedDirectories found = new();
        found.Add("/", "is the root of the file system", "is the root of the file system");
        found.Add(Environment.GetEnvironmentVariable("HOME"), "is your home directory itself", "holds your home directory");
        found.Add(HostUser.Find(Sys.Geteuid())?.Home, "is your home directory itself", "holds your home directory");
        found.Add(store, "is where csrun keeps images and containers (csrun image rm --all empties it)", "holds csrun's images and containers");
        return found;
    }

    /// <summary>Why a tree must not be touched, or null.</summary>
    internal string? Refuse(SafeFd above, string below)
    {
        if (Sys.Statx(above, below, out FileStat stat).Ok && stat.IsDirectory)
        {
            foreach ((uint major, uint minor, ulong inode, string why) in _directories)
            {
                if ((major, minor, inode) == (stat.dev_major, stat.dev_minor, stat.ino))
                {
                    return why;
                }
            }
        }

        return null;
    }

    // A directory and all above it.
    private void Add(string? path, string itself, string holds)
    {
        if (path is not ['/', ..])
        {
            return;
        }

        string why = itself;
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        while (opened.Ok)
        {
            using SafeFd fd = new(opened.Int);
            if (!Sys.Statx(fd, "\0"u8, out FileStat stat).Ok || _directories.Exists(d => (d.Major, d.Minor, d.Inode) == (stat.dev_major, stat.dev_minor, stat.ino)))
            {
                return; // what is above it is known as well
            }

            _directories.Add((stat.dev_major, stat.dev_minor, stat.ino, why));
            why = holds;
            opened = Sys.Openat2(fd, "..", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        }
    }
}
