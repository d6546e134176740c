using System.Text;
using Csrun.Linux.Abi;

namespace Csrun.Linux;

/// <summary>Why the kernel refuses a path of the host: walks along it and names the part that it is about.</summary>
/// <remarks>path_resolution(7). Looked at after the failure, as who csrun is: a message, not a decision.</remarks>
public static class PathDiagnosis
{
    /// <summary>Explains a refusal.</summary>
    /// <param name="path">The path; a relative one is taken from the working directory.</param>
    /// <param name="errno">What the kernel answered.</param>
    /// <returns>The cause and what helps, or null where the path shows nothing (any more).</returns>
    public static (string Why, string Fix)? Explain(string path, Errno errno)
    {
        path = Path.GetFullPath(path);
        foreach (string part in Parts(path))
        {
            if (Sys.Statx(null, part, out FileStat stat).Errno is not Errno.None and var refusal)
            {
                return refusal == errno && errno == Errno.ENOENT ? ($"{Quote(path)} does not exist{(part == path ? "" : $": there is no {Quote(part)}")}", $"ls -l {Quote(Above(part))}") : null;
            }

            if (stat.IsSymlink && Link(part, errno) is { } link)
            {
                return link;
            }

            SysResult followed = Sys.StatxFollowing(part, out FileStat target);
            if (followed.Ok && !target.IsDirectory && part != path && errno == Errno.ENOTDIR)
            {
                return ($"{Quote(part)} is a file, not a directory", $"ls -l {Quote(part)}");
            }

            if (followed.Ok && target.IsDirectory && errno == Errno.EACCES && Sys.StatxFollowing(part + "/.", out _).Errno == Errno.EACCES)
            {
                return ($"{Quote(part)} belongs to user {target.uid}, group {target.gid}, with mode {Mode(target)}, which does not let user {Sys.Geteuid()} in", $"namei -l {Quote(path)}");
            }

            if (part == path)
            {
                return Last(path, target, errno);
            }
        }

        return null;
    }

    private static (string, string)? Last(string path, FileStat stat, Errno errno) => errno switch
    {
        Errno.EACCES => ($"{Quote(path)} belongs to user {stat.uid}, group {stat.gid}, with mode {Mode(stat)}, and user {Sys.Geteuid()} asks for more than that grants", $"ls -ld {Quote(path)}"),
        Errno.ENOTDIR when !stat.IsDirectory => ($"{Quote(path)} is a file, not a directory", $"ls -l {Quote(path)}"),
        Errno.EISDIR when stat.IsDirectory => ($"{Quote(path)} is a directory", $"ls {Quote(path)}"),
        _ => null,
    };

    private static (string, string)? Link(string part, Errno errno)
    {
        Errno refusal = Sys.StatxFollowing(part, out _).Errno;
        if (refusal != errno || errno is not (Errno.ENOENT or Errno.ELOOP))
        {
            return null;
        }

        byte[] buffer = new byte[4096];
        SysResult read = Sys.Readlinkat(null, Encoding.UTF8.GetBytes(part + "\0"), buffer);
        string target = read.Ok ? Encoding.UTF8.GetString(buffer, 0, read.Int) : "?";
        return errno == Errno.ENOENT
            ? ($"{Quote(part)} is a symbolic link to {Quote(target)}, which does not exist", $"ls -l {Quote(part)}")
            : ($"{Quote(part)} is a symbolic link to {Quote(target)}, and following it comes to no end", $"ls -l {Quote(part)}");
    }

    /// <summary>Explains why something cannot be made or written in a directory.</summary>
    /// <param name="path">What should have been made.</param>
    /// <param name="errno">What the kernel answered.</param>
    public static (string Why, string Fix)? ExplainMaking(string path, Errno errno)
    {
        string above = Above(Path.GetFullPath(path));
        return errno switch
        {
            Errno.EACCES or Errno.EPERM when Sys.StatxFollowing(above, out FileStat stat).Ok =>
                ($"{Quote(above)} belongs to user {stat.uid}, group {stat.gid}, with mode {Mode(stat)}: user {Sys.Geteuid()} may make nothing in it", $"ls -ld {Quote(above)}"),
            Errno.EROFS => ($"{Quote(above)} is on a file system that is mounted read-only", $"findmnt -T {Quote(above)}"),
            _ => Explain(above, errno),
        };
    }

    private static IEnumerable<string> Parts(string path)
    {
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }

        yield return path;
    }

    private static string Above(string path) => path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "/";

    private static string Mode(FileStat stat) => Convert.ToString(stat.mode & 0xfff, 8);

    private static string Quote(string path) => $"\"{path}\"";
}
