using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.Broker;

/// <summary>A process that makes a few system calls in namespaces of its own, sends one descriptor back, and ends.</summary>
internal sealed class MomentaryProcess : IDisposable
{
    private readonly ControlSocket _socket = new();
    private int _slots;

    /// <summary>Starts with a program that only sees to it that the process does not outlive this one.</summary>
    public MomentaryProcess()
    {
        Control = NewSlot();
        Program.SetSlot(Control, _socket.Child.Number);
        Program.Call(Syscall.prctl, [(long)PrctlOption.PR_SET_PDEATHSIG, (long)Signal.SIGKILL]);
    }

    /// <summary>What it does; the last step has to be <see cref="RawProgram.SendFd"/> over <see cref="Control"/>.</summary>
    public RawProgram Program { get; } = new();

    /// <summary>Its end of the socket.</summary>
    public FdSlot Control { get; }

    /// <summary>A new slot.</summary>
    public FdSlot NewSlot() => new(_slots++, "");

    /// <summary>A slot with a descriptor of this process, which the other inherits.</summary>
    public FdSlot Inherited(SafeFd fd)
    {
        FdSlot slot = NewSlot();
        Program.SetSlot(slot, fd.Number);
        return slot;
    }

    /// <summary>Runs it.</summary>
    /// <param name="flags">The new namespaces that it begins in.</param>
    /// <param name="what">What it does, for a message.</param>
    /// <returns>What it sent.</returns>
    /// <exception cref="KernelException">One of its system calls failed.</exception>
    public SafeFd Start(CloneFlags flags, string what)
    {
        ClonedChild child = ClonedChild.Start(Program, _socket, _socket.Child.Number, flags);
        using SafeFd pidfd = child.PidFd;
        SysResult received = _socket.Receive(out SafeFd? fd);
        if (fd is not null && Program.Failure is null)
        {
            Sys.WaitidPidfd(pidfd);
            return fd;
        }

        fd?.Dispose();
        Sys.PidfdSendSignal(pidfd, Signal.SIGKILL);
        Sys.WaitidPidfd(pidfd);
        throw new KernelException(what, null, Program.Failure?.Errno ?? received.Errno, $"call {Program.Failure?.Op + 1} of {Program.Count} of the process that does it failed");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Program.Dispose();
        _socket.Dispose();
    }
}
