using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Processes;

/// <summary>A program of the host that csrun started: newuidmap, or itself as a worker.</summary>
/// <remarks>posix_spawn(3), which the C library makes with CLONE_VFORK: no copy of the address space, and none of the hazards of
/// running managed code after fork. System.Diagnostics.Process would start threads, which a later clone3 forbids.</remarks>
public sealed partial class Spawned
{
    private readonly int _pid;

    private Spawned(int pid) => _pid = pid;

    /// <summary>Its PID; valid until <see cref="Wait"/>.</summary>
    public int Pid => _pid;

    /// <summary>Starts a program with default signal dispositions and an empty mask.</summary>
    /// <param name="path">The program, a path.</param>
    /// <param name="args">Its arguments, the name first.</param>
    /// <param name="env">Its environment.</param>
    /// <param name="stdio">What becomes its descriptors 0, 1, 2, 3…; null stays as it is.</param>
    /// <param name="spawned">The program, when it started.</param>
    /// <param name="newSession">Whether it gets a session of its own, without the caller's terminal: setsid(2).</param>
    public static unsafe SysResult TryStart(string path, IReadOnlyList<string> args, IReadOnlyList<string> env, ReadOnlySpan<SafeFd?> stdio, out Spawned? spawned, bool newSession = false)
    {
        // SAFETY: the C library's opaque structures are smaller than these buffers on every architecture (80 and 336 bytes on x86-64).
        byte* actions = stackalloc byte[512];
        byte* attributes = stackalloc byte[1024];
        byte* signals = stackalloc byte[128];
        spawned = null;
        _ = posix_spawn_file_actions_init(actions);
        _ = posix_spawnattr_init(attributes);
        nint argv = 0, envp = 0;
        try
        {
            for (int fd = 0; fd < stdio.Length; fd++)
            {
                if (stdio[fd] is { } source)
                {
                    _ = posix_spawn_file_actions_adddup2(actions, source.Number, fd);
                }
            }

            new Span<byte>(signals, 128).Clear();
            _ = posix_spawnattr_setsigmask(attributes, signals);
            new Span<byte>(signals, 128).Fill(0xff);
            _ = posix_spawnattr_setsigdefault(attributes, signals);
            // POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK, and POSIX_SPAWN_SETSID (glibc 2.26, musl 1.1.13).
            _ = posix_spawnattr_setflags(attributes, (short)(0x04 | 0x08 | (newSession ? 0x80 : 0)));
            argv = Strings(args);
            envp = Strings(env);
            int pid;
            fixed (byte* p = Sys.CString(path))
            {
                int error = posix_spawn(&pid, p, actions, attributes, argv, envp);
                if (error != 0)
                {
                    return new SysResult(-1, (Errno)error);
                }
            }

            spawned = new Spawned(pid);
            return new SysResult(pid, Errno.None);
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
            Free(argv);
            Free(envp);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code, or 128 plus the number of the signal that ended it.</returns>
    public int Wait() => (int)Sys.WaitidPid(_pid).OrThrow("waitid");

    /// <summary>Ends it, if it has not ended; it is there until <see cref="Wait"/>, so the number is no other process's.</summary>
    public void Kill() => Sys.Call(Syscall.kill, _pid, (nint)Signal.SIGKILL);

    private static unsafe nint Strings(IReadOnlyList<string> strings)
    {
        // SAFETY: one block: the pointers, a null, the texts; freed by Free.
        nint* array = (nint*)NativeMemory.Alloc((nuint)(strings.Count + 1), (nuint)sizeof(nint));
        for (int i = 0; i < strings.Count; i++)
        {
            array[i] = Marshal.StringToCoTaskMemUTF8(strings[i]);
        }

        array[strings.Count] = 0;
        return (nint)array;
    }

    private static unsafe void Free(nint array)
    {
        if (array == 0)
        {
            return;
        }

        for (nint* p = (nint*)array; *p != 0; p++)
        {
            Marshal.FreeCoTaskMem(*p);
        }

        NativeMemory.Free((void*)array);
    }

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawn(int* pid, byte* path, byte* actions, byte* attributes, nint argv, nint envp);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawn_file_actions_adddup2(byte* actions, int fd, int newFd);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_setsigmask(byte* attributes, byte* mask);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_destroy(byte* attributes);
}
