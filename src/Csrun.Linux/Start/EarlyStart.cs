using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Csrun.Linux.Abi;

namespace Csrun.Linux.Start;

/// <summary>What happens before there is a runtime: root's csrun becomes csrun on a read-only mount.</summary>
/// <remarks>
/// Why that is wanted: Csrun.Runtime.Launch.SealedExecutable, which does the same later where this has not. Here it costs 0.4 ms and
/// not the 1.6 ms after which the runtime would be ready to begin once more.
/// <para>The linker makes the exported method the program's DT_INIT function, which the C library calls with main's arguments, right
/// after it is ready itself. The rules are those of the interpreter after clone3 (docs/adr/0001): nothing may be allocated, thrown,
/// or looked up; system calls and pointers are all there is. The machine-code gate checks the same of it. Whatever goes wrong here
/// is left to the ordinary way, which explains it. docs/adr/0035-a-read-only-executable.md.</para>
/// </remarks>
internal static unsafe class EarlyStart
{
    private const int AT_FDCWD = -100;
    private const int AT_EMPTY_PATH = 0x1000;
    private const int Page = 4096;

    // SAFETY: arguments are numbers or pointers to memory that lives during the call.
    [SuppressGCTransition]
    [DllImport("libc", EntryPoint = "syscall")]
    private static extern long syscall(long nr, long a0, long a1, long a2, long a3, long a4, long a5);

    /// <summary>DT_INIT: executes csrun again, or returns.</summary>
    /// <remarks>SAFETY: <paramref name="argv"/> and <paramref name="envp"/> are main's, and end with a null pointer each.</remarks>
    [RuntimeExport("csrun_early_start")]
    private static void Start(int argc, byte** argv, byte** envp)
    {
        if (!StartsContainers(argc, argv) || syscall(Number(SyscallX64.geteuid, SyscallArm64.geteuid), 0, 0, 0, 0, 0, 0) != 0)
        {
            return;
        }

        // A page for the new variable, one for paths and structures, and behind them the pointers of the new environment.
        long count = 0;
        while (envp[count] != null)
        {
            count++;
        }

        long size = 2 * Page + (count + 2) * sizeof(byte*);
        byte* memory = (byte*)syscall(Number(SyscallX64.mmap, SyscallArm64.mmap), 0, size, 3, 0x22, -1, 0);
        if ((long)memory is < 0 and > -Page)
        {
            return;
        }

        // CSRUN_EXE=PATH, the first of its name.
        byte* variable = memory;
        *(ulong*)variable = 0x58455f4e55525343; // CSRUN_EX
        variable[8] = (byte)'E';
        variable[9] = (byte)'=';
        byte* self = memory + Page;
        *(ulong*)self = 0x65732f636f72702f; // /proc/se
        *(ulong*)(self + 8) = 0x6578652f666c; // lf/exe
        long length = syscall(Number(SyscallX64.readlinkat, SyscallArm64.readlinkat), AT_FDCWD, (long)self, (long)(variable + 10), Page - 11, 0, 0);
        if (length < 2 || length == Page - 11)
        {
            return; // the link of a mount that is in no namespace is "/": this is the second time
        }

        byte** env = (byte**)(memory + 2 * Page);
        env[0] = variable;
        for (long i = 0; i < count; i++)
        {
            env[i + 1] = envp[i];
        }

        long mount = syscall(Number(SyscallX64.open_tree, SyscallArm64.open_tree), AT_FDCWD, (long)self, 1 | 0x80000, 0, 0, 0); // OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC
        if (mount < 0)
        {
            return;
        }

        byte* empty = self + 128;
        *(ulong*)(self + 64) = 1; // attr_set: MOUNT_ATTR_RDONLY; the rest of struct mount_attr is zero
        if (syscall(Number(SyscallX64.mount_setattr, SyscallArm64.mount_setattr), mount, (long)empty, AT_EMPTY_PATH, (long)(self + 64), 32, 0) == 0)
        {
            syscall(Number(SyscallX64.execveat, SyscallArm64.execveat), mount, (long)empty, (long)argv, (long)env, AT_EMPTY_PATH, 0);
        }

        syscall(Number(SyscallX64.close, SyscallArm64.close), mount, 0, 0, 0, 0, 0);
    }

    /// <summary>Whether the command line has a verb that puts a process into a container that may have no user namespace.</summary>
    private static bool StartsContainers(int argc, byte** argv)
    {
        for (int i = 1; i < argc; i++)
        {
            byte* arg = argv[i];
            if (Is(arg, 0x657461657263, 6) || Is(arg, 0x63657865, 4)) // create, exec
            {
                return true;
            }
        }

        return false;
    }

    // Whether a string is this one, whose bytes are the number's from the lowest on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Is(byte* text, ulong word, int length)
    {
        for (int i = 0; i < length; i++)
        {
            if (text[i] != (byte)(word >> (8 * i)))
            {
                return false;
            }
        }

        return text[length] == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Number(int x64, int arm64) => X86Base.IsSupported ? x64 : arm64;
}
