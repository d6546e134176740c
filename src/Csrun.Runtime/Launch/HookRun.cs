using System.Text;
using Csrun.Linux;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;
using Csrun.Oci;

namespace Csrun.Runtime.Launch;

/// <summary>Runs hooks in csrun's own namespaces (runtime-spec config.md, "POSIX-platform Hooks").</summary>
public static class HookRun
{
    private const short POLLIN = 1;

    /// <summary>Runs one and waits for its end.</summary>
    /// <param name="jsonPath">Which one, for messages.</param>
    /// <param name="hook">The hook.</param>
    /// <param name="state">The container's state, which it reads on its standard input.</param>
    /// <exception cref="CsrunException">It cannot be executed, failed, or took longer than its timeout.</exception>
    public static void Run(string jsonPath, Hook hook, string state)
    {
        using SafeFd input = StateFile(state);
        SysResult started = Spawned.TryStart(hook.Path, hook.Args.Count == 0 ? [hook.Path] : hook.Args, hook.Env, [input], out Spawned? spawned);
        if (!started.Ok)
        {
            throw new KernelException("execve", hook.Path, started.Errno, $"{jsonPath} cannot be executed", $"ls -l {hook.Path}");
        }

        bool over = hook.Timeout is { } seconds && !Ends(spawned!.Pid, seconds);
        if (over)
        {
            spawned!.Kill();
        }

        int code = spawned!.Wait();
        if (over || code != 0)
        {
            throw new CsrunException(
                $"{jsonPath}, \"{hook.Path}\", failed: {(over ? $"it did not end within its timeout of {hook.Timeout} s and was killed" : code > 128 ? $"signal {code - 128} ended it" : $"exit code {code}")}",
                over ? "the configuration gives it no more time" : "it has said why on its standard error stream");
        }
    }

    /// <summary>A file in memory with a container's state, to be read from its beginning.</summary>
    internal static SafeFd StateFile(string state)
    {
        SafeFd file = Sys.MemfdCreate("state", allowSealing: false).FdOrThrow("memfd_create");
        Sys.Write(file, Encoding.UTF8.GetBytes(state)).OrThrow("write", "a file in memory");
        Sys.Lseek(file, 0, 0).OrThrow("lseek", "a file in memory");
        return file;
    }

    private static bool Ends(int pid, int seconds)
    {
        using SafeFd pidfd = Sys.PidfdOpen(pid).FdOrThrow("pidfd_open");
        Span<PollFd> ended = [new PollFd(pidfd.Number, POLLIN, 0)];
        return Sys.Ppoll(ended, seconds * 1000L) is { Ok: true, Value: > 0 };
    }
}
