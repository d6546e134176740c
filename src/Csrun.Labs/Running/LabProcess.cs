using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;

namespace Csrun.Labs.Running;

/// <summary>One command of a lab, run to its end.</summary>
internal static class LabProcess
{
    /// <summary>No command of a lab takes longer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a program with both outputs in one stream.</summary>
    /// <param name="path">The program.</param>
    /// <param name="args">Its arguments, the name first.</param>
    /// <param name="env">Its environment.</param>
    /// <param name="text">What it reads, or null for nothing.</param>
    /// <returns>The exit code and the output.</returns>
    /// <exception cref="CsrunException">It cannot be started, or it did not end in time.</exception>
    internal static (int ExitCode, string Output) Run(string path, IReadOnlyList<string> args, IReadOnlyList<string> env, string? text = null)
    {
        // A file and not a pipe: a container that outlives the command may keep it, and is not waited for.
        using SafeFd output = Sys.MemfdCreate("lab output", allowSealing: false).FdOrThrow("memfd_create");
        using SafeFd input = text is null ? Sys.Openat2(null, "/dev/null", OpenFlags.O_RDONLY).FdOrThrow("openat2", "/dev/null") : Input(text);
        Spawned.TryStart(path, args, env, [input, output, output], out Spawned? process).OrThrow("posix_spawn", path);
        int exitCode = Wait(process!, args);
        return (exitCode, Encoding.UTF8.GetString(File.ReadAllBytes(output.ProcPath)));
    }

    private static SafeFd Input(string text)
    {
        using SafeFd written = Sys.MemfdCreate("lab input", allowSealing: false).FdOrThrow("memfd_create");
        File.WriteAllText(written.ProcPath, text);
        return Sys.Openat2(null, written.ProcPath, OpenFlags.O_RDONLY).FdOrThrow("openat2", "a copy of the lab's input");
    }

    /// <summary>Starts a program that is to go on in the background, with nothing to read and with its outputs thrown away.</summary>
    /// <exception cref="KernelException">It cannot be started.</exception>
    internal static Spawned StartService(string path, IReadOnlyList<string> args, IReadOnlyList<string> env)
    {
        using SafeFd nothing = Sys.Openat2(null, "/dev/null", OpenFlags.O_RDWR).FdOrThrow("openat2", "/dev/null");
        Spawned.TryStart(path, args, env, [nothing, nothing, nothing], out Spawned? process).OrThrow("posix_spawn", path);
        return process!;
    }

    /// <summary>Ends a program with SIGTERM.</summary>
    internal static void End(Spawned process, IReadOnlyList<string> args)
    {
        using (SafeFd pidfd = Sys.PidfdOpen(process.Pid).FdOrThrow("pidfd_open"))
        {
            Sys.PidfdSendSignal(pidfd, Signal.SIGTERM);
        }

        try
        {
            Wait(process, args);
        }
        catch (CsrunException)
        {
            // It had to be killed, and is gone as well.
        }
    }

    /// <summary>Waits for the end of a program; one that takes too long is killed.</summary>
    /// <exception cref="CsrunException">It did not end in time.</exception>
    internal static int Wait(Spawned process, IReadOnlyList<string> args)
    {
        using SafeFd pidfd = Sys.PidfdOpen(process.Pid).FdOrThrow("pidfd_open");
        long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            long left = end - Environment.TickCount64;
            Span<PollFd> poll = [new PollFd(pidfd.Number, 1, 0)];
            SysResult ended = left <= 0 ? new SysResult(0, Errno.None) : Sys.Ppoll(poll, left);
            if (ended.Errno == Errno.EINTR)
            {
                continue;
            }

            if (ended.OrThrow("ppoll") != 0)
            {
                return process.Wait();
            }

            Sys.PidfdSendSignal(pidfd, Signal.SIGKILL);
            process.Wait();
            throw new CsrunException($"{CommandWords.Join(args)} did not end", $"it was killed after {Patience.TotalSeconds} seconds");
        }
    }
}
