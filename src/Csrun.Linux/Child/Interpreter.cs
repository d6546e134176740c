using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Csrun.Linux.Abi;

namespace Csrun.Linux.Child;

/// <summary>The GC-free zone: clone3 and everything the child does until execve.</summary>
/// <remarks>
/// After clone3 the child has one thread and a copy of a runtime whose other threads do not exist in it: a pending garbage
/// collection would wait for them for ever. So nothing here may allocate, throw, call a managed method that is not inlined,
/// touch a static with a constructor, or make an ordinary P/Invoke. Allowed are the two C functions below, called without a
/// GC transition, and pointers. A test disassembles this code in the shipped binary and fails on any other call
/// (tests/Csrun.Integration.Tests, machine-code gate); docs/adr/0001 has the reasons and the evidence.
/// <para>SuppressGCTransition is documented for calls under a microsecond that do not block: csrun's side makes clone3 only;
/// the child is alone, so blocking there holds nobody up.</para>
/// </remarks>
internal static unsafe class Interpreter
{
    // SAFETY: arguments are numbers or pointers into the program's memory, which lives until execve or exit.
    [SuppressGCTransition]
    [DllImport("libc", EntryPoint = "syscall")]
    private static extern long syscall(long nr, long a0, long a1, long a2, long a3, long a4, long a5);

    // SAFETY: returns the address of this thread's errno, valid for the thread's life.
    [SuppressGCTransition]
    [DllImport("libc", EntryPoint = "__errno_location")]
    private static extern int* errno_location();

    /// <summary>clone3(2); the child runs the program and never returns from here.</summary>
    /// <returns>The child's PID in csrun's PID namespace, or the negative errno.</returns>
    /// <remarks>SAFETY: <paramref name="program"/> points to a complete program in memory that is shared with the child;
    /// <paramref name="numbers"/> was filled before, so that no static is read after clone3.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static long CloneAndRun(RawHeader* program, InterpreterCalls* numbers)
    {
        long pid = syscall(numbers->clone3, (long)&program->cloneArgs, sizeof(CloneArgs), 0, 0, 0, 0);
        if (pid != 0)
        {
            return pid > 0 ? pid : -*errno_location();
        }

        Run(program, numbers);
        return 0;
    }

    /// <summary>Performs the operations in order; the first that fails is reported and ends the child.</summary>
    /// <remarks>SAFETY: every pointer in an operation points into the program's memory (RawProgram is the only producer).</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Run(RawHeader* program, InterpreterCalls* numbers)
    {
        long* slots = program->slots;
        for (long i = 0; i < program->count; i++)
        {
            RawOp* op = program->ops + i;
            int mask = op->slotMask;
            long a0 = (mask & 1) != 0 ? slots[op->a0] : op->a0;
            long a1 = (mask & 2) != 0 ? slots[op->a1] : op->a1;
            long a2 = (mask & 4) != 0 ? slots[op->a2] : op->a2;
            long a3 = (mask & 8) != 0 ? slots[op->a3] : op->a3;
            long a4 = (mask & 16) != 0 ? slots[op->a4] : op->a4;
            long result;
            int errno = 0;
            if (op->nr >= 0)
            {
                result = syscall(op->nr, a0, a1, a2, a3, a4, op->a5);
                if (result == -1)
                {
                    errno = *errno_location();
                }
            }
            else if (op->nr == RawOpKind.LoadSlot)
            {
                result = *(int*)a0;
            }
            else if (op->nr == RawOpKind.StoreSlot)
            {
                *(int*)a0 = (int)a1;
                result = 0;
            }
            else
            {
                result = op->nr == RawOpKind.ForkInit ? ForkInit(program, numbers, op)
                    : op->nr == RawOpKind.ForkSibling ? ForkSibling(program, numbers, op)
                    : op->nr == RawOpKind.SeccompListen ? SeccompListen(program, numbers, op)
                    : RunProgram(numbers, op, a3);
                if (result < 0)
                {
                    errno = (int)-result;
                }
            }

            if (op->check == RawCheck.Positive && result == 0 || op->check == RawCheck.Zero && result > 0)
            {
                errno = numbers->peerGone;
            }

            op->result = errno == 0 ? result : -errno;
            if (errno != 0 && (errno >= 64 || (op->tolerate >> errno & 1) == 0))
            {
                Fail(program, numbers, i, errno);
            }

            if (op->resultSlot >= 0)
            {
                slots[op->resultSlot] = result;
            }
        }

        syscall(numbers->exit_group, 125, 0, 0, 0, 0, 0);
    }

    /// <summary>Reports operation <paramref name="index"/>, waits until csrun has looked at the container's root, and exits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail(RawHeader* program, InterpreterCalls* numbers, long index, int errno)
    {
        program->failedErrno = errno;
        program->failedCall = program->ops[index].nr;
        program->failedOp = index;
        long root = program->rootSlot >= 0 ? program->slots[program->rootSlot] : -1;
        if (root >= 0)
        {
            *program->failureFd = (int)root;
        }
        else
        {
            program->failure->msg_control = null;
            program->failure->msg_controllen = 0;
        }

        if (syscall(numbers->sendmsg, program->controlFd, (long)program->failure, 0, 0, 0, 0) == -1)
        {
            // A FIFO: the csrun that started the command reads it, and shares no memory with this process.
            syscall(numbers->write, program->controlFd, (long)&program->failedCall, StartFailure.Size, 0, 0, 0);
        }

        // End of file: csrun has seen enough, or is dead.
        byte answer;
        syscall(numbers->read, program->controlFd, (long)&answer, 1, 0, 0, 0);
        syscall(numbers->exit_group, 125, 0, 0, 0, 0, 0);
    }

    /// <summary>Forks a process whose parent is csrun, too: it returns 0 and goes on; this one hands its pidfd to csrun and ends.</summary>
    /// <remarks>SAFETY: the kernel writes the descriptor's number at a1, which lies in the message at a2.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long ForkSibling(RawHeader* program, InterpreterCalls* numbers, RawOp* op)
    {
        // clone, not clone3, for its few arguments: parent_tid, the third on every machine, takes the pidfd.
        long sibling = syscall(numbers->clone, op->a0, 0, op->a1, 0, 0, 0);
        if (sibling <= 0)
        {
            return sibling == 0 ? 0 : -*errno_location();
        }

        syscall(numbers->sendmsg, program->controlFd, op->a2, 0x4000, 0, 0, 0);
        syscall(numbers->exit_group, 0, 0, 0, 0, 0, 0);
        return 0;
    }

    /// <summary>Forks: the new process executes a program (a hook), this one waits until it has ended, or the time is over.</summary>
    /// <returns>0 when it ended with exit code 0; else a negative errno: ENOENT when it could not be executed, ETIME when the time was over,
    /// ECANCELED when it ended otherwise.</returns>
    /// <remarks>SAFETY: a5 points to 16 bytes: the pidfd, the wait status, a struct pollfd.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long RunProgram(InterpreterCalls* numbers, RawOp* op, long stdin)
    {
        int* scratch = (int*)op->a5;
        long pid = syscall(numbers->clone, (long)CloneFlags.CLONE_PIDFD | (long)Signal.SIGCHLD, 0, (long)scratch, 0, 0, 0);
        if (pid < 0)
        {
            return -*errno_location();
        }

        if (pid == 0)
        {
            ulong none = 0;
            syscall(numbers->lseek, stdin, 0, 0, 0, 0, 0);
            syscall(numbers->dup3, stdin, 0, 0, 0, 0, 0);
            syscall(numbers->close_range, 3, uint.MaxValue, 0, 0, 0, 0);
            syscall(numbers->rt_sigprocmask, 2, (long)&none, 0, 8, 0, 0);
            syscall(numbers->execve, op->a0, op->a1, op->a2, 0, 0, 0);
            syscall(numbers->exit_group, 127, 0, 0, 0, 0, 0);
        }

        scratch[2] = scratch[0];
        scratch[3] = 1; // struct pollfd: POLLIN, which a pidfd has once its process has ended
        bool over = op->a4 != 0 && syscall(numbers->ppoll, (long)(scratch + 2), 1, op->a4, 0, 8, 0) == 0;
        if (over)
        {
            syscall(numbers->kill, pid, (long)Signal.SIGKILL, 0, 0, 0, 0);
        }

        syscall(numbers->wait4, pid, (long)(scratch + 1), 0, 0, 0, 0);
        syscall(numbers->close, scratch[0], 0, 0, 0, 0, 0);
        int status = scratch[1];
        return status == 0 ? 0 : -(long)(over ? Errno.ETIME : status == 127 << 8 ? Errno.ENOENT : Errno.ECANCELED);
    }

    /// <summary>Loads a filter that has a listener, and hands the listener's descriptor to csrun.</summary>
    /// <remarks>The filter may hold sendmsg up, or refuse it. So another process does it, which has the descriptors in common with this
    /// one (CLONE_FILES) and is there before the filter: a filter holds for the process that loads it and those it makes later.
    /// <para>SAFETY: a3 points into the message at a2, in the memory that both share; a4 to 16 bytes.</para></remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long SeccompListen(RawHeader* program, InterpreterCalls* numbers, RawOp* op)
    {
        int* listener = (int*)op->a3;
        long* time = (long*)op->a4;
        long helper = syscall(numbers->clone, (long)CloneFlags.CLONE_FILES | (long)Signal.SIGCHLD, 0, 0, 0, 0, 0);
        if (helper < 0)
        {
            return -*errno_location();
        }

        if (helper == 0)
        {
            syscall(numbers->prctl, (long)PrctlOption.PR_SET_PDEATHSIG, (long)Signal.SIGKILL, 0, 0, 0, 0);
            // The other process may make no call that could wake this one; a tenth of a millisecond at a time, for ten seconds.
            for (long i = 0; i < 100000 && Volatile.Read(ref *listener) == -1; i++)
            {
                time[0] = 0;
                time[1] = 100000;
                syscall(numbers->ppoll, 0, 0, op->a4, 0, 8, 0);
            }

            if (Volatile.Read(ref *listener) >= 0)
            {
                syscall(numbers->sendmsg, program->controlFd, op->a2, 0x4000, 0, 0, 0);
            }

            syscall(numbers->exit_group, 0, 0, 0, 0, 0, 0);
        }

        long fd = syscall(numbers->seccomp, 1, op->a0, op->a1, 0, 0, 0);
        int errno = fd < 0 ? *errno_location() : 0;
        Volatile.Write(ref *listener, fd < 0 ? -2 : (int)fd);
        // Refused by the filter, the helper stays a zombie; held up, the listener is asked, which has its descriptor by then.
        syscall(numbers->wait4, helper, 0, 0, 0, 0, 0);
        return fd < 0 ? -errno : fd;
    }

    /// <summary>Forks: the new process returns 0 and goes on; this one is init from here on: it hands signals over, reaps, and ends with the command's status.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long ForkInit(RawHeader* program, InterpreterCalls* numbers, RawOp* op)
    {
        // init keeps csrun's memory for good, and in it the caller's environment and csrun's arguments, which the container sees in
        // /proc/1. Volatile, so that no compiler makes a call of it.
        byte* text = (byte*)op->a4;
        for (long i = 0; i < op->a5; i++)
        {
            Volatile.Write(ref text[i], 0);
        }

        // clone, not clone3: seccomp filters cannot look into clone3's arguments, so container profiles refuse it.
        long command = syscall(numbers->clone, op->a2, 0, 0, 0, 0, 0);
        if (command <= 0)
        {
            return command == 0 ? 0 : -*errno_location();
        }

        // init never execs, so it closes by hand what execve would: above all the control socket, whose end csrun waits for.
        syscall(numbers->close_range, 3, uint.MaxValue, 0, 0, 0, 0);
        syscall(numbers->prctl, (long)PrctlOption.PR_SET_NAME, op->a3, 0, 0, 0, 0);
        int* status = (int*)&program->status;
        while (true)
        {
            long signal = syscall(numbers->rt_sigtimedwait, op->a0, op->a1, 0, 8, 0, 0);
            if (signal == (long)Signal.SIGCHLD)
            {
                long pid;
                while ((pid = syscall(numbers->wait4, -1, (long)status, 1, 0, 0, 0)) > 0)
                {
                    if (pid == command)
                    {
                        int s = *status;
                        int code = (s & 0x7f) == 0 ? (s >> 8) & 0xff : 128 + (s & 0x7f);
                        syscall(numbers->exit_group, code, 0, 0, 0, 0, 0);
                    }
                }
            }
            else if (signal > 0)
            {
                syscall(numbers->kill, command, signal, 0, 0, 0, 0);
            }
        }
    }
}
