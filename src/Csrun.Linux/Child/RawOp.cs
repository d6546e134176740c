using System.Runtime.InteropServices;

namespace Csrun.Linux.Child;

/// <summary>One operation of the child after clone3: a system call with its arguments, or one of six pseudo calls.</summary>
/// <remarks>Blittable and C-compatible on purpose: an interpreter in C could take this one's place (docs/adr/0001).</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct RawOp
{
    /// <summary>The system call's number, or a negative <see cref="RawOpKind"/>.</summary>
    public long nr;

    /// <summary>The arguments; those in <see cref="slotMask"/> are indexes of slots.</summary>
    public long a0, a1, a2, a3, a4, a5;

    /// <summary>Bit i set: argument i is the index of a slot whose value is passed.</summary>
    public int slotMask;

    /// <summary>The slot that takes the result, or -1.</summary>
    public int resultSlot;

    /// <summary>Bit e set: errno e (below 64) is no failure.</summary>
    public ulong tolerate;

    /// <summary>What the result must be besides not an error; see <see cref="RawCheck"/>.</summary>
    public int check;

    /// <summary>The number of the plan's step that this operation belongs to.</summary>
    public int step;

    /// <summary>Written by the child: the result, or the negative errno; <see cref="NotRun"/> before.</summary>
    public long result;

    /// <summary>The value of <see cref="result"/> before the operation ran.</summary>
    internal const long NotRun = long.MinValue;
}

/// <summary>Pseudo calls: the numbers below zero in <see cref="RawOp.nr"/>.</summary>
internal static class RawOpKind
{
    /// <summary>slot[resultSlot] = *(int*)a0: takes a descriptor out of a control message.</summary>
    internal const long LoadSlot = -1;

    /// <summary>*(int*)a0 = slot[a1]: puts a descriptor into a control message or a pollfd.</summary>
    internal const long StoreSlot = -2;

    /// <summary>Forks; the caller stays behind as init (a0: its signal set, a1: a siginfo buffer, a2: SIGCHLD, a3: name, a4 and a5: address and length of the texts to wipe out first), the new process goes on.</summary>
    internal const long ForkInit = -3;

    /// <summary>Forks; the new process is csrun's child as well and goes on, the caller hands its pidfd to csrun and exits (a0: clone's flags, a1: where the pidfd goes, a2: the message).</summary>
    internal const long ForkSibling = -4;

    /// <summary>Forks; the new process executes a program, the caller waits for its end (a0: path, a1: argv, a2: envp, a3: its standard input, a4: the longest time as a struct timespec or 0, a5: 16 bytes for the pidfd, the wait status and a struct pollfd).</summary>
    internal const long RunProgram = -5;

    /// <summary>seccomp(2) with a listener, whose descriptor a process that shares this one's descriptors, and not its filter, hands to csrun (a0: flags, a1: struct sock_fprog, a2: the message, a3: where in it the descriptor goes, -1 before, a4: 16 bytes for a struct timespec).</summary>
    internal const long SeccompListen = -6;
}

/// <summary>What a result must be.</summary>
internal static class RawCheck
{
    /// <summary>Anything that is no error.</summary>
    internal const int None = 0;

    /// <summary>More than zero; zero means that the peer has gone (end of file).</summary>
    internal const int Positive = 1;

    /// <summary>Exactly zero; anything else means that the peer has gone (poll with a zero timeout).</summary>
    internal const int Zero = 2;
}
