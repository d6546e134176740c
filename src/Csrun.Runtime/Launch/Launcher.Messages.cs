using Csrun.Linux;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;
using Csrun.Plan;

namespace Csrun.Runtime.Launch;

/// <content>What the child says on the control socket.</content>
public sealed partial class Launcher
{
    /// <summary>Waits until the child has got to a point; takes the terminal that may come before it.</summary>
    private void AwaitChild(LaunchPlan plan, CsrunStep step)
    {
        while (!_reached)
        {
            if (!Receive(plan, out SafeFd? fd, out ControlMessage kind))
            {
                throw new CsrunException($"step {step.Number} ({step.Op.Describe()})", "the container's first process was killed before it got there; when memory ran out, dmesg | tail tells", "try again");
            }

            _terminal = fd ?? _terminal;
            _reached = kind == ControlMessage.Reached;
        }

        _reached = false;
    }

    /// <summary>Takes the listener of the child's filter, and hands it on.</summary>
    private void HandOverListener(LaunchPlan plan, CsrunStep step)
    {
        while (Receive(plan, out SafeFd? fd, out ControlMessage kind))
        {
            if (kind == ControlMessage.Listener && fd is not null)
            {
                using (fd)
                {
                    SendListener?.Invoke(_child.Pid, fd);
                    return;
                }
            }

            _terminal = fd ?? _terminal;
        }

        throw new CsrunException($"step {step.Number} ({step.Op.Describe()})", "the container's first process was killed before its filter was loaded; when memory ran out, dmesg | tail tells", "try again");
    }

    /// <summary>Waits for the end of file that execve's success causes; takes the terminal that may come before it.</summary>
    private void AwaitCommand(LaunchPlan plan)
    {
        while (Receive(plan, out SafeFd? fd, out _))
        {
            _terminal = fd ?? _terminal;
        }

        // execve's success looks the same on the socket as the end of a process that was killed.
        if (MemoryLimit.Killed(_cgroup, _child.Pid, _child.PidFd) is { } cause)
        {
            throw cause;
        }

        _trace?.End(_program);
    }

    /// <summary>Takes one message of the child.</summary>
    /// <returns>Whether there was one: at the end of file the command runs, or the child was killed.</returns>
    /// <exception cref="CsrunException">A step failed.</exception>
    private bool Receive(LaunchPlan plan, out SafeFd? fd, out ControlMessage kind)
    {
        SysResult received = _control.Receive(out kind, out fd);
        bool any = received.Ok && received.Value != 0;
        // A failure may stand in the shared memory while a message from before it is still to be read.
        bool other = kind is ControlMessage.Descriptor or ControlMessage.Listener or ControlMessage.Process or ControlMessage.Reached or ControlMessage.StepDone or ControlMessage.Terminal;
        if ((!any || !other) && _program.Failure is { } failure)
        {
            _terminal?.Dispose();
            using (fd)
            {
                throw MemoryLimit.OrLimit(_cgroup, failure.Errno, FailureReport.Explain(plan, _program, failure, fd));
            }
        }

        return any;
    }

    /// <summary>Takes the process that goes on in the child's place, and reaps the child.</summary>
    private void Adopt(LaunchPlan plan)
    {
        ControlMessage kind;
        SysResult received;
        SafeFd? fd;
        // The new process does not wait for the one that made it: its terminal may come first.
        while ((received = _control.Receive(out kind, out fd)).Ok && kind == ControlMessage.Terminal)
        {
            _terminal = fd;
        }

        if (kind == ControlMessage.Process && fd is not null)
        {
            Sys.WaitidPidfd(_child.PidFd);
            _child.PidFd.Dispose();
            _child = new ClonedChild(ProcessIdentity.PidOf(fd), fd);
            return;
        }

        _terminal?.Dispose();
        using (fd)
        {
            throw _program.Failure is { } failure
                ? FailureReport.Explain(plan, _program, failure, fd)
                : new CsrunException("the process was not made", received.Ok ? "csrun's child was killed while it joined the container" : $"recvmsg: {received.Errno}", "try again");
        }
    }
}
