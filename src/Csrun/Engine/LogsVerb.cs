using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Runtime.State;

namespace Csrun.Engine;

/// <summary><c>csrun logs</c>.</summary>
internal static class LogsVerb
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Prints what a container in the background has written, as it wrote it; with <paramref name="follow"/> until it ends.</summary>
    internal static int Print(Caller caller, string word, bool follow)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        Container container = list.Find(word);
        SysResult opened = Sys.Openat2(container.Directory, DetachedStreams.LogName, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW);
        if (opened.Errno == Errno.ENOENT)
        {
            throw new CsrunException($"container {container.DisplayName} has no log", "it runs in the foreground: its output went to whoever started it", "csrun run -d keeps a log");
        }

        using SafeFd log = opened.FdOrThrow("openat2", $"{container.Path}/{DetachedStreams.LogName}");
        // Asked before the last look: what was written before the end is printed.
        bool ended;
        do
        {
            ended = !follow || container.PidFd is not { } pidfd || EndOfContainer.Await(pidfd, TimeSpan.Zero);
            if (ended && follow)
            {
                EndOfContainer.AwaitRecord(container); // a terminal's last output goes through csrun
            }

            if (!Copy(log))
            {
                return 0; // the reader has gone
            }

            if (!ended)
            {
                EndOfContainer.Await(container.PidFd!, s_pause);
            }
        }
        while (!ended);

        return 0;
    }

    private static bool Copy(SafeFd log)
    {
        byte[] buffer = new byte[65536];
        while (true)
        {
            int length = (int)Sys.Read(log, buffer).OrThrow("read", DetachedStreams.LogName);
            if (length == 0)
            {
                return true;
            }

            for (ReadOnlySpan<byte> rest = buffer.AsSpan(0, length); !rest.IsEmpty;)
            {
                SysResult written = Sys.Write(1, rest);
                if (written.Errno == Errno.EPIPE)
                {
                    return false;
                }

                rest = rest[(int)written.OrThrow("write", "standard output")..];
            }
        }
    }
}
