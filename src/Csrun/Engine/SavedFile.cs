using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Engine;

/// <summary>A file that csrun writes where the caller says.</summary>
internal static class SavedFile
{
    /// <summary>Refuses a name that is taken, or has no directory, before the work is done whose result goes there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replace">Whether one that exists is replaced.</param>
    /// <param name="option">The option that names it, for messages.</param>
    internal static void Check(string path, bool replace, string option)
    {
        if (path.Length == 0 || path.EndsWith('/'))
        {
            throw new CsrunException($"{option} \"{path}\": no file is named", "a report is one file", $"{option} report.html");
        }

        // lstat: a link is in the way as well, wherever it leads.
        SysResult found = Sys.Statx(null, path, out FileStat stat);
        if (found.Ok && (stat.IsDirectory || !replace))
        {
            throw stat.IsDirectory
                ? new CsrunException($"{option} \"{path}\" is a directory", "a report is one file", $"{option} {path}/report.html")
                : Taken(path, option);
        }

        string directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        if (!Sys.StatxFollowing(directory, out stat).Ok || !stat.IsDirectory)
        {
            throw new CsrunException($"{option} \"{path}\": there is no directory \"{directory}\"", "csrun makes the file and no directory", $"mkdir -p '{directory}'");
        }
    }

    /// <summary>Writes the file whole or not at all: beside the place, then renamed; a link there is replaced and not followed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What goes into it.</param>
    /// <param name="replace">Whether one that exists is replaced.</param>
    /// <param name="option">The option that names it, for messages.</param>
    /// <exception cref="CsrunException">It cannot be written, or exists.</exception>
    internal static void Write(string path, byte[] content, bool replace, string option)
    {
        string part = $"{path}.{Sys.Getpid()}.part";
        try
        {
            SysResult made = Sys.Openat2(null, part, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL, 0x1a4);
            using (SafeFd fd = made.FdOrThrow("openat2", path, made.Errno switch
            {
                Errno.ENOENT => "its directory does not exist",
                Errno.ENOTDIR => "a part of the path is a file, not a directory",
                Errno.EACCES => "the caller may make no file in its directory",
                Errno.EROFS => "its directory is on a read-only file system",
                _ => null,
            }, "name a place where you may write"))
            {
                for (int done = 0; done < content.Length;)
                {
                    done += (int)Sys.Write(fd, content.AsSpan(done)).OrThrow("write", path);
                }
            }

            SysResult renamed = Sys.Renameat2(null, part, null, path, noReplace: !replace);
            if (renamed.Errno == Errno.EEXIST)
            {
                throw Taken(path, option);
            }

            renamed.OrThrow("renameat2", path, renamed.Errno == Errno.EISDIR ? "it is a directory" : null, $"{option} names a file");
        }
        catch (CsrunException)
        {
            Sys.Unlinkat(null, part, directory: false);
            throw;
        }
    }

    /// <summary>Writes the file that tells an engine a process ID (<c>--pid-file</c>), in place of an older one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pid">The process, in csrun's PID namespace.</param>
    /// <exception cref="CsrunException">It cannot be written.</exception>
    internal static void WritePid(string path, int pid) => Write(path, Encoding.UTF8.GetBytes($"{pid}"), replace: true, "--pid-file");

    private static CsrunException Taken(string path, string option) => new($"{option} \"{path}\" exists already", "csrun replaces no file unasked", "--force replaces it; or name another file");
}
