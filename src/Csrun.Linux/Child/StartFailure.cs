using System.Buffers.Binary;
using Csrun.Linux.Abi;

namespace Csrun.Linux.Child;

/// <summary>What the child reports through a FIFO when it fails after <c>start</c>: the csrun that made it, and the memory that they shared, are gone then.</summary>
/// <param name="Call">The number of the system call that failed; negative for a pseudo operation.</param>
/// <param name="Errno">How it failed.</param>
public readonly record struct StartFailure(long Call, Errno Errno)
{
    /// <summary>The length of a report in bytes: two 64-bit numbers, written at once.</summary>
    public const int Size = 16;

    /// <summary>Whether it was the command's execve(2).</summary>
    public bool OfExecve => Call == Syscall.execve.Number;

    /// <summary>Whether it was a program that the child runs itself: a hook.</summary>
    public bool OfHook => Call == RawOpKind.RunProgram;

    /// <summary>Reads a report.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public static StartFailure Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(bytes), (Errno)BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]));
}
