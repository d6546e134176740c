using Csrun.Linux.Abi;

namespace Csrun.Linux.Child;

public sealed unsafe partial class RawProgram
{
    /// <summary>Adds: wait for csrun's message; its descriptors go into slots, in order.</summary>
    public void ReceiveBarrier(FdSlot control, IReadOnlyList<FdSlot> fds)
    {
        MsgHdr* header = NewMessage(ControlMessage.Barrier, out byte* data);
        header->msg_controllen = fds.Count == 0 ? 0 : (nuint)ControlSocket.ControlSize;
        header->msg_control = fds.Count == 0 ? null : data;
        // MSG_CMSG_CLOEXEC: what arrives never reaches the container's command.
        CallExpectingData(Syscall.recvmsg, [control, (long)header, 0x40000000]);
        for (int i = 0; i < fds.Count; i++)
        {
            LoadSlot(fds[i], (nint)(data + 16 + i * sizeof(int)));
        }
    }

    /// <summary>Adds: hand the slot's descriptor to csrun.</summary>
    /// <param name="control">The child's end of the control socket.</param>
    /// <param name="fd">The descriptor.</param>
    /// <param name="kind">What it is.</param>
    public void SendFd(FdSlot control, FdSlot fd, ControlMessage kind = ControlMessage.Descriptor)
    {
        MsgHdr* header = NewMessage(kind, out byte* data);
        header->msg_control = data;
        header->msg_controllen = 20;
        ControlSocket.WriteRightsHeader(data, 1);
        StoreSlot((nint)(data + 16), fd);
        Call(Syscall.sendmsg, [control, (long)header, 0x4000]);
    }

    /// <summary>Adds: tell csrun that a step is done, with a message that brings no descriptor.</summary>
    public void Announce(FdSlot control) => Call(Syscall.sendmsg, [control, (long)NewMessage(ControlMessage.StepDone, out _), 0x4000]);

    /// <summary>Adds: tell csrun that this point is reached. write(2) and not sendmsg(2): the container's system call filter may be in force already.</summary>
    public void AnnounceReached(FdSlot control)
    {
        byte* message = Reserve(1);
        *message = (byte)ControlMessage.Reached;
        Call(Syscall.write, [control, (long)message, 1]);
    }

    /// <summary>Adds: wait for one byte, with read(2), for the same reason; end of file means that csrun has gone.</summary>
    public void AwaitByte(FdSlot fd) => CallExpectingData(Syscall.read, [fd, (long)Reserve(16), 1]);

    /// <summary>Adds: failures from here on are reported through this descriptor, a pipe or FIFO, as <see cref="StartFailure"/>.</summary>
    public void ReportFailuresTo(FdSlot fd) => StoreSlot((nint)(&Header->controlFd), fd);

    /// <summary>Adds: note the time, clock_gettime(2) with CLOCK_MONOTONIC.</summary>
    /// <returns>Where: a struct timespec, zero until then.</returns>
    public nint NoteTime()
    {
        nint timespec = Zeroed(16);
        Call(Syscall.clock_gettime, [1, timespec]);
        return timespec;
    }

    /// <summary>The time that <see cref="NoteTime"/> noted, in nanoseconds; 0 when it was not reached.</summary>
    public long NotedTime(nint timespec)
    {
        ReadOnlySpan<long> value = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(View(timespec, 16));
        return value[0] * 1_000_000_000 + value[1];
    }

    /// <summary>Adds: fail with ECANCELED when csrun has gone (its end of the socket is closed).</summary>
    /// <remarks>After the last PR_SET_PDEATHSIG: a csrun that died before would not have triggered it.</remarks>
    public void CheckPeerAlive(FdSlot control)
    {
        int* pollfd = (int*)Reserve(8); // struct pollfd { int fd; short events, revents; }: events 0, so only POLLHUP and POLLERR count
        long* timeout = (long*)Reserve(16);
        StoreSlot((nint)pollfd, control);
        CallExpectingNothing(Syscall.ppoll, [(long)pollfd, 1, (long)timeout, 0, 8]);
    }

    /// <summary>Prepares the report of a failure, which the interpreter sends by itself.</summary>
    internal void PrepareFailureReport(int controlFd)
    {
        MsgHdr* header = NewMessage(ControlMessage.Failure, out byte* data);
        header->msg_control = data;
        header->msg_controllen = 20;
        ControlSocket.WriteRightsHeader(data, 1);
        Header->failure = header;
        Header->failureFd = (int*)(data + 16);
        Header->controlFd = controlFd;
    }

    private MsgHdr* NewMessage(ControlMessage kind, out byte* control)
    {
        // SAFETY: here and above every structure is reserved in the program's memory with its own size, and lives as long as the program.
        byte* payload = Reserve(1);
        *payload = (byte)kind;
        IoVec* iov = (IoVec*)Reserve(sizeof(IoVec));
        iov->iov_base = payload;
        iov->iov_len = 1;
        MsgHdr* header = (MsgHdr*)Reserve(sizeof(MsgHdr));
        header->msg_iov = iov;
        header->msg_iovlen = 1;
        control = Reserve(ControlSocket.ControlSize);
        return header;
    }
}
