using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.Launch;

/// <summary>Whether this process is quiet enough for clone3: no managed thread but the main one.</summary>
/// <remarks>A garbage collection that another thread has asked for would hold the child for ever, because the thread that clears
/// its flag does not exist there (docs/adr/0001). The runtime's own finalizer and signal threads ask for none.</remarks>
public static class QuiescenceGate
{
    // The main thread, the finalizer and, once a signal handler is registered, the signal thread.
    private const int QuietThreads = 3;

    /// <summary>How many threads this process has.</summary>
    public static int Threads()
    {
        using SafeFd tasks = Sys.Openat2(null, "/proc/self/task", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", "/proc/self/task");
        // The number of links of /proc/self/task is the number of threads plus two (proc(5)).
        Sys.Statx(tasks, "", out FileStat stat).OrThrow("statx", "/proc/self/task");
        return (int)stat.nlink - 2;
    }

    /// <summary>Whether clone3 is safe now.</summary>
    public static bool IsQuiet => Threads() <= QuietThreads;
}
