using System.Text;
using Csrun.Linux.Abi;

namespace Csrun.Linux.Child;

/// <summary>The lowered plan: operations, slots, strings and structures in memory that csrun and the child share.</summary>
/// <remarks>
/// Memory is one shared anonymous mapping, so results and failures that the child writes are seen by csrun. It is reserved
/// generously and touched only as far as it is used. The kernel unmaps the child's view at execve.
/// </remarks>
public sealed unsafe partial class RawProgram : IDisposable
{
    private const int MaxOps = 65536; // a tree that is copied takes ten for each file
    private const int MaxSlots = 512;
    private const nuint Capacity = 32 << 20; // operations, and more than ARG_MAX (2 MiB each for arguments and environment) needs

    private readonly byte* _memory;
    private readonly RawHeader* _header;
    private nuint _used;
    private int _step;
    private bool _disposed;

    /// <summary>Reserves the memory.</summary>
    /// <exception cref="KernelException">mmap(2) failed.</exception>
    public RawProgram()
    {
        // SAFETY: the mapping is ours alone; every pointer below stays within it (Reserve checks the end).
        _memory = (byte*)Sys.MmapShared(Capacity).OrThrow("mmap");
        _header = (RawHeader*)_memory;
        _used = (nuint)sizeof(RawHeader);
        _header->slots = (long*)Reserve(MaxSlots * sizeof(long));
        _header->ops = (RawOp*)Reserve(MaxOps * sizeof(RawOp));
        _header->failedOp = -1;
        _header->rootSlot = -1;
        _header->controlFd = -1;
        for (int i = 0; i < MaxSlots; i++)
        {
            _header->slots[i] = -1;
        }
    }

    internal RawHeader* Header => _disposed ? throw new ObjectDisposedException(nameof(RawProgram)) : _header;

    /// <summary>How many operations the program has.</summary>
    public int Count => (int)Header->count;

    /// <summary>Says which step of the plan the next operations belong to.</summary>
    public void BeginStep(int step) => _step = step;

    /// <summary>Adds a system call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="args">Its arguments, at most six; the sixth cannot be a slot.</param>
    /// <param name="result">The slot that takes the result.</param>
    /// <param name="tolerate">Error numbers (below 64) that are no failure.</param>
    public void Call(Syscall call, ReadOnlySpan<Arg> args, FdSlot? result = null, ReadOnlySpan<Errno> tolerate = default) =>
        Add(call.Number, args, result, tolerate, RawCheck.None);

    /// <summary>Adds a system call whose answer 0 means that csrun has gone (a read at end of file).</summary>
    public void CallExpectingData(Syscall call, ReadOnlySpan<Arg> args) => Add(call.Number, args, null, default, RawCheck.Positive);

    /// <summary>Adds a system call whose answer above 0 means that csrun has gone (a poll for a hang-up).</summary>
    public void CallExpectingNothing(Syscall call, ReadOnlySpan<Arg> args) => Add(call.Number, args, null, default, RawCheck.Zero);

    /// <summary>Adds: the slot takes the int at <paramref name="address"/> (a descriptor out of a control message).</summary>
    public void LoadSlot(FdSlot slot, nint address) => Add(RawOpKind.LoadSlot, [(long)address], slot, default, RawCheck.None);

    /// <summary>Adds: the int at <paramref name="address"/> becomes the slot's value.</summary>
    public void StoreSlot(nint address, FdSlot slot) => Add(RawOpKind.StoreSlot, [(long)address, slot], null, default, RawCheck.None);

    /// <summary>Adds: fork, and stay behind as the container's init.</summary>
    /// <remarks>SIGCHLD ends the new process's life for its parent; all signals must be blocked by then.</remarks>
    public void ForkInit()
    {
        ulong* set = (ulong*)Reserve(8);
        *set = ulong.MaxValue;
        byte* info = Reserve(128);
        (long address, long length) = StartupStrings.Find();
        Add(RawOpKind.ForkInit, [(long)set, (long)info, (long)Signal.SIGCHLD, (long)Utf8("csrun-init"), address, length], null, default, RawCheck.None);
    }

    /// <summary>Adds: fork a process that is csrun's child as well and goes on with the program; this one ends.</summary>
    /// <remarks>After setns(2) into a PID namespace, which only a new process enters. csrun receives the new one's pidfd (<see cref="ControlMessage.Process"/>).</remarks>
    public void ForkSibling()
    {
        MsgHdr* header = NewMessage(ControlMessage.Process, out byte* data);
        header->msg_control = data;
        header->msg_controllen = 20;
        ControlSocket.WriteRightsHeader(data, 1);
        long flags = (long)(CloneFlags.CLONE_PARENT | CloneFlags.CLONE_PIDFD) | (long)Signal.SIGCHLD;
        Add(RawOpKind.ForkSibling, [flags, (long)(data + 16), (long)header], null, default, RawCheck.None);
    }

    /// <summary>Adds: load a system call filter, and hand its listener to csrun (<see cref="ControlMessage.Listener"/>).</summary>
    /// <param name="flags">seccomp(2)'s flags.</param>
    /// <param name="fprog">The struct sock_fprog.</param>
    public void SeccompListen(long flags, nint fprog)
    {
        MsgHdr* header = NewMessage(ControlMessage.Listener, out byte* data);
        header->msg_control = data;
        header->msg_controllen = 20;
        ControlSocket.WriteRightsHeader(data, 1);
        *(int*)(data + 16) = -1;
        Add(RawOpKind.SeccompListen, [flags, (long)fprog, (long)header, (long)(data + 16), (long)Zeroed(16)], null, default, RawCheck.None);
    }

    /// <summary>Adds: run a program and wait for its end; see <see cref="RawOpKind.RunProgram"/>.</summary>
    /// <param name="path">The program.</param>
    /// <param name="args">Its arguments, the name first.</param>
    /// <param name="env">Its environment.</param>
    /// <param name="stdin">What it reads, from the beginning.</param>
    /// <param name="seconds">How long it may run; null: as long as it likes.</param>
    public void RunProgram(string path, IReadOnlyList<string> args, IReadOnlyList<string> env, FdSlot stdin, int? seconds)
    {
        long timeout = 0;
        if (seconds is { } limit)
        {
            long* timespec = (long*)Reserve(16);
            timespec[0] = limit;
            timeout = (long)timespec;
        }

        nint scratch = Zeroed(16);
        Add(RawOpKind.RunProgram, [(long)Utf8(path), (long)Utf8Array(args), (long)Utf8Array(env), stdin, timeout, (long)scratch], null, default, RawCheck.None);
    }

    /// <summary>Gives a slot its value before the program runs (a descriptor that the child inherits).</summary>
    public void SetSlot(FdSlot slot, long value) => Header->slots[Checked(slot)] = value;

    /// <summary>What a slot holds now.</summary>
    public long GetSlot(FdSlot slot) => Header->slots[Checked(slot)];

    /// <summary>The slot of the container's root, handed to csrun with the report of a failure.</summary>
    public void SetRootSlot(FdSlot slot) => Header->rootSlot = Checked(slot);

    /// <summary>A string with a terminating zero.</summary>
    /// <exception cref="CsrunException">The string contains a zero character.</exception>
    public nint Utf8(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new CsrunException($"the string \"{text.Replace("\0", "\\0", StringComparison.Ordinal)}\" contains a zero character", "the kernel ends every string at the first zero");
        }

        int length = Encoding.UTF8.GetByteCount(text);
        byte* p = Reserve(length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(p, length));
        return (nint)p;
    }

    /// <summary>An array of strings that ends with a null pointer, as execve(2) wants it.</summary>
    public nint Utf8Array(IReadOnlyList<string> strings)
    {
        nint* array = (nint*)Reserve((strings.Count + 1) * sizeof(nint));
        for (int i = 0; i < strings.Count; i++)
        {
            array[i] = Utf8(strings[i]);
        }

        return (nint)array;
    }

    /// <summary>A copy of bytes (a structure, a seccomp program).</summary>
    public nint Bytes(ReadOnlySpan<byte> bytes)
    {
        byte* p = Reserve(bytes.Length);
        bytes.CopyTo(new Span<byte>(p, bytes.Length));
        return (nint)p;
    }

    /// <summary>A copy of 32-bit numbers (groups).</summary>
    public nint UInt32s(ReadOnlySpan<uint> values) => Bytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));

    /// <summary>Zeroed memory that the kernel or the child fills.</summary>
    public nint Zeroed(int bytes) => (nint)Reserve(bytes);

    /// <summary>The bytes at an address that this program gave out.</summary>
    public ReadOnlySpan<byte> View(nint address, int length) => new((void*)address, length);

    /// <summary>The operation that failed and its errno, or null.</summary>
    public (int Step, int Op, Errno Errno)? Failure
    {
        get
        {
            long op = Header->failedOp;
            return op < 0 || op >= Header->count ? null : (_header->ops[op].step, (int)op, (Errno)_header->failedErrno);
        }
    }

    /// <summary>The errno that operation <paramref name="op"/> was answered with, tolerated or not.</summary>
    public Errno ResultErrno(int op)
    {
        long result = Header->ops[op].result;
        return result is < 0 and > -4096 ? (Errno)(-result) : Errno.None;
    }

    /// <summary>What the system calls of one step were answered with, in their order: results, or negative error numbers.</summary>
    /// <param name="step">The step.</param>
    public IReadOnlyList<long> ResultsOf(int step)
    {
        List<long> results = [];
        for (int op = 0; op < Count; op++)
        {
            // SAFETY: the index is below the count.
            RawOp* raw = _header->ops + op;
            if (raw->step == step && raw->nr >= 0)
            {
                results.Add(raw->result);
            }
        }

        return results;
    }

    /// <summary>The step that operation <paramref name="op"/> belongs to.</summary>
    public int StepOf(int op) => Header->ops[op].step;

    /// <summary>How operation <paramref name="op"/> uses slots.</summary>
    internal RawUse Use(int op)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(op, Count);
        // SAFETY: the index was checked; a0 to a4 lie one after the other.
        RawOp* raw = Header->ops + op;
        List<int> reads = [];
        for (int i = 0; i < 5; i++)
        {
            if ((raw->slotMask >> i & 1) != 0)
            {
                reads.Add((int)(&raw->a0)[i]);
            }
        }

        return new RawUse(raw->step, raw->nr >= 0 || raw->nr is RawOpKind.ForkInit or RawOpKind.ForkSibling or RawOpKind.RunProgram or RawOpKind.SeccompListen, [.. reads], raw->resultSlot);
    }

    internal byte* Reserve(int size)
    {
        _ = Header;
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        nuint start = (_used + 15) & ~(nuint)15;
        if (start + (nuint)size > Capacity)
        {
            throw new CsrunException("the program for the container is too large", "arguments, environment and mounts together exceed 32 MiB", "pass fewer or shorter arguments");
        }

        _used = start + (nuint)size;
        return _memory + start;
    }

    private void Add(long nr, ReadOnlySpan<Arg> args, FdSlot? result, ReadOnlySpan<Errno> tolerate, int check)
    {
        if (Header->count >= MaxOps)
        {
            throw new CsrunException("the plan is too long", $"it lowers to more than {MaxOps} operations", "use fewer mounts");
        }

        if (args.Length > 6)
        {
            throw new ArgumentException("a system call has at most six arguments", nameof(args));
        }

        // Judged before anything is written: an operation that is refused leaves no trace.
        int mask = 0;
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].IsSlot)
            {
                continue;
            }

            if (i > 4)
            {
                throw new ArgumentException("the sixth argument cannot be a slot", nameof(args));
            }

            Checked(args[i].Value);
            mask |= 1 << i;
        }

        ulong tolerated = 0;
        foreach (Errno errno in tolerate)
        {
            if ((int)errno is < 1 or > 63)
            {
                throw new ArgumentException($"{errno} cannot be tolerated: only error numbers below 64 have a bit", nameof(tolerate));
            }

            tolerated |= 1UL << (int)errno;
        }

        int resultSlot = result is { } slot ? Checked(slot.Index) : -1;

        // SAFETY: the count was checked above; a0 to a5 lie one after the other.
        RawOp* op = _header->ops + _header->count;
        long* values = &op->a0;
        for (int i = 0; i < args.Length; i++)
        {
            values[i] = args[i].Value;
        }

        op->slotMask = mask;
        op->tolerate = tolerated;
        op->nr = nr;
        op->resultSlot = resultSlot;
        op->check = check;
        op->step = _step;
        op->result = RawOp.NotRun;
        _header->count++;
    }

    private static int Checked(FdSlot slot) => Checked(slot.Index);

    private static int Checked(long slot) =>
        slot is >= 0 and < MaxSlots ? (int)slot : throw new CsrunException("the plan has too many descriptors", $"more than {MaxSlots} slots", "use fewer mounts");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Sys.Munmap((nint)_memory, Capacity);
        }
    }
}
