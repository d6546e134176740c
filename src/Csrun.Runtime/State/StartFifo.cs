using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.State;

/// <summary>The two FIFOs in the directory of a container that an engine makes: through one its first process is started, through the other it reports that its command could not be executed.</summary>
/// <remarks>
/// fifo(7). Both belong to the container's first process: the kernel closes its ends at execve and at its death, so whether it
/// waits is looked up and cannot go stale. docs/adr/0031.
/// </remarks>
public sealed class StartFifo : IDisposable
{
    private const string StartName = "start";
    private const string StartedName = "started";
    private const uint Mode = 0x1000 | 0x180; // S_IFIFO, 0600
    private const short POLLIN = 1;

    private StartFifo(SafeFd start, SafeFd started)
    {
        Start = start;
        Started = started;
    }

    /// <summary>For reading and writing, so that a read waits for a byte and not for a writer.</summary>
    public SafeFd Start { get; }

    /// <summary>For writing: closed by execve.</summary>
    public SafeFd Started { get; }

    /// <summary>Makes them and opens the ends of the container's first process.</summary>
    /// <param name="directory">The container's directory.</param>
    public static StartFifo Make(SafeFd directory)
    {
        foreach (byte[] name in (ReadOnlySpan<byte[]>)["start\0"u8.ToArray(), "started\0"u8.ToArray()])
        {
            Sys.Mknodat(directory, name, Mode, 0, 0).OrThrow("mknodat", "a FIFO in the container's directory");
        }

        SafeFd start = Open(directory, StartName, OpenFlags.O_RDWR).FdOrThrow("openat2", StartName);
        // O_WRONLY fails without a reader, so one is there for a moment.
        using SafeFd reader = Open(directory, StartedName, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK).FdOrThrow("openat2", StartedName);
        return new StartFifo(start, Open(directory, StartedName, OpenFlags.O_WRONLY).FdOrThrow("openat2", StartedName));
    }

    /// <summary>Whether the container's first process waits for its start: it has the FIFO open.</summary>
    /// <param name="directory">The container's directory.</param>
    public static bool IsAwaited(SafeFd directory)
    {
        SysResult opened = Open(directory, StartName, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK);
        if (opened.Ok)
        {
            new SafeFd(opened.Int).Dispose();
        }

        return opened.Ok;
    }

    /// <summary>Lets the container's first process execute its command, and waits until it has.</summary>
    /// <param name="directory">The container's directory.</param>
    /// <param name="failure">Why it could not, or null.</param>
    /// <returns>Whether there was a process that waited.</returns>
    public static bool Go(SafeFd directory, out StartFailure? failure)
    {
        failure = null;
        SysResult opened = Open(directory, StartName, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK);
        if (!opened.Ok)
        {
            return false; // ENXIO: nobody reads any more
        }

        using SafeFd start = new(opened.Int);
        using SafeFd started = Open(directory, StartedName, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK).FdOrThrow("openat2", StartedName);
        Sys.Write(start, "S"u8).OrThrow("write", StartName);
        Span<byte> report = stackalloc byte[StartFailure.Size];
        Span<PollFd> fds = [new PollFd(started.Number, POLLIN, 0)];
        while (true)
        {
            SysResult read = Sys.Read(started, report);
            if (read.Ok)
            {
                failure = read.Int == report.Length ? StartFailure.Read(report) : null;
                // execve closes both ends, but the kernel lets go of the second one first now and then: by its name nobody finds it any more.
                Sys.Unlinkat(directory, StartName);
                return true;
            }

            if (read.Errno != Errno.EAGAIN)
            {
                read.OrThrow("read", StartedName);
            }

            SysResult polled = Sys.Ppoll(fds);
            if (polled.Errno != Errno.EINTR)
            {
                polled.OrThrow("ppoll");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Start.Dispose();
        Started.Dispose();
    }

    private static SysResult Open(SafeFd directory, string name, OpenFlags flags) =>
        Sys.Openat2(directory, name, flags | OpenFlags.O_NOFOLLOW, 0, ResolveFlags.RESOLVE_BENEATH);
}
