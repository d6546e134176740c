using Csrun.Linux.Abi;

namespace Csrun.Images.Unpacking;

/// <summary>Why writing a tree fails, where the errno decides it.</summary>
internal static class UnpackErrors
{
    internal static string? Why(Errno errno) => errno switch
    {
        Errno.ENOSPC => "the file system of the image store has no space or no inodes left",
        Errno.EDQUOT => "the disk quota on the file system of the image store is used up",
        Errno.EROFS => "the file system of the image store is mounted read-only",
        Errno.ENAMETOOLONG => "a component of the name is longer than the file system allows",
        Errno.EFBIG => "the file is larger than the file system or RLIMIT_FSIZE allows",
        Errno.EMFILE => "this process has as many files open as RLIMIT_NOFILE allows",
        _ => null,
    };

    internal static string? Fix(Errno errno) => errno switch
    {
        Errno.ENOSPC => "make room (df -h; df -i), or move the store: csrun --root DIR",
        Errno.EDQUOT => "make room (quota -s), or move the store: csrun --root DIR",
        Errno.EMFILE => "ulimit -n 1024",
        Errno.EROFS => "move the store to a file system that can be written: csrun --root DIR",
        _ => null,
    };
}
