using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;
using Csrun.Runtime.Host;

namespace Csrun.Engine;

/// <summary>Users and groups of an image, from its own /etc/passwd and /etc/group, read without trust.</summary>
/// <remarks>CVE-2024-9676, CVE-2026-47262: a symbolic link leads no further than the image's root, a FIFO or device holds nobody up,
/// and a giant file is refused.</remarks>
internal static class AccountFiles
{
    private const int SizeLimit = 16 << 20;

    /// <summary>Resolves a user in the root file system at <paramref name="rootPath"/>.</summary>
    internal static ResolvedUser Resolve(string rootPath, UserSpec user, IReadOnlyList<string> groupAdd)
    {
        SysResult opened = Sys.Openat2(null, rootPath, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        using SafeFd root = opened.FdOrThrow("openat2", rootPath, opened.Ok ? null : PathDiagnosis.Explain(rootPath, opened.Errno)?.Why, "name the directory of a root file system; `csrun image unpack alpine DIR` makes one");
        return user.Resolve(Read(root, "etc/passwd"), Read(root, "etc/group"), groupAdd);
    }

    /// <summary>The home directory of a user by number, / for one that the passwd file has not.</summary>
    internal static string Home(string rootPath, string uid)
    {
        using SafeFd root = Sys.Openat2(null, rootPath, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", rootPath, "csrun reads the image's users from it");
        return UserSpec.Parse(uid).Resolve(Read(root, "etc/passwd"), [], []).Home is { Length: > 0 } home ? home : "/";
    }

    private static byte[] Read(SafeFd root, string path)
    {
        SysResult opened = Sys.Openat2(root, path, OpenFlags.O_PATH, 0, ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS);
        if (opened.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
        {
            return [];
        }

        // Looked at first and opened for real only when it is a regular file: opening a device, as root can have one in an image, acts on it.
        using SafeFd found = opened.FdOrThrow("openat2", $"/{path}", "csrun reads the image's users and groups from it");
        Sys.Statx(found, "", out FileStat stat).OrThrow("statx", $"/{path}");
        if (!stat.IsRegular)
        {
            throw new CsrunException($"the image's /{path} is no regular file", "users and groups are read from it", "use an image with a plain file there");
        }

        if (stat.size > SizeLimit)
        {
            throw new CsrunException($"the image's /{path} is {stat.size} bytes large", $"csrun reads at most {SizeLimit} bytes of it", "use an image with a sane one");
        }

        using SafeFd file = Sys.Openat2(null, $"/proc/self/fd/{found.Number}", OpenFlags.O_RDONLY).FdOrThrow("openat2", $"/{path}", "csrun reads the image's users and groups from it");
        return SmallFile.ReadAll(file, SizeLimit) ?? throw new CsrunException($"the image's /{path} cannot be read");
    }
}
