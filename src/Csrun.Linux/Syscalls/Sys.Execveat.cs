using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>execveat(2) with AT_EMPTY_PATH: this process becomes the program that a descriptor names. Returns only when that fails.</summary>
    /// <param name="fd">The program.</param>
    /// <param name="args">Its arguments, the name first, each ended by a zero, as /proc/self/cmdline has them: no text is converted.</param>
    /// <param name="env">Its environment, likewise.</param>
    public static SysResult Execveat(SafeFd fd, ReadOnlySpan<byte> args, ReadOnlySpan<byte> env)
    {
        byte empty = 0;
        // SAFETY: both blocks are pinned for the call, each string in them ends with a zero (Pointers sees to it), and the arrays of
        // pointers end with a null; all of it lives until the call returns, or until the process is another program.
        fixed (byte* a = args, e = env)
        {
            nint* argv = Pointers(a, args);
            nint* envp = Pointers(e, env);
            SysResult result = Call(Syscall.execveat, fd.Number, (nint)(&empty), (nint)argv, (nint)envp, 0x1000);
            NativeMemory.Free(argv);
            NativeMemory.Free(envp);
            return result;
        }
    }

    private static nint* Pointers(byte* start, ReadOnlySpan<byte> strings)
    {
        if (!strings.IsEmpty && strings[^1] != 0)
        {
            throw new ArgumentException("the last string must end with a zero byte", nameof(strings));
        }

        nint* array = (nint*)NativeMemory.Alloc((nuint)(strings.Count((byte)0) + 1), (nuint)sizeof(nint));
        int count = 0;
        for (int i = 0; i < strings.Length; i++)
        {
            if (i == 0 || strings[i - 1] == 0)
            {
                array[count++] = (nint)(start + i);
            }
        }

        array[count] = 0;
        return array;
    }
}
