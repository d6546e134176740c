using System.Globalization;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Processes;

/// <summary>What a process got from the one that started it.</summary>
public static class InheritedDescriptors
{
    private const int F_GETFD = 1;
    private const int FD_CLOEXEC = 1;

    /// <summary>Closes every descriptor from 3 on that came through execve: this program's own all have the close-on-exec flag.</summary>
    public static void Close()
    {
        using SafeFd directory = Sys.Openat2(null, "/proc/self/fd", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", "/proc/self/fd");
        foreach (string name in DirectoryNames.Of(directory))
        {
            int fd = int.Parse(name, CultureInfo.InvariantCulture);
            if (fd > 2 && Sys.Call(Syscall.fcntl, fd, F_GETFD) is { Ok: true } flags && (flags.Int & FD_CLOEXEC) == 0)
            {
                Sys.Close(fd);
            }
        }
    }
}
