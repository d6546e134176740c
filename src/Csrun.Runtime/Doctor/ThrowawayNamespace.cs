using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Plan;
using Csrun.Plan.Doctor;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Runtime.Host;
using Csrun.Runtime.Launch;

namespace Csrun.Runtime.Doctor;

/// <summary>Tries operations of a launch in a child process with namespaces of its own, which end with it: nothing of the host changes.</summary>
internal static class ThrowawayNamespace
{
    /// <summary>Clones a child, writes its ID maps and has it perform operations.</summary>
    /// <param name="flags">The namespaces that clone3 makes.</param>
    /// <param name="maps">The ID maps, or null for none.</param>
    /// <param name="operations">Makes the operations, with slots from what it is given.</param>
    public static ProbeOutcome Try(CloneFlags flags, WriteIdMapsOp? maps, Func<PlanBuilder, ImmutableArray<KernelOp>> operations)
    {
        using ControlSocket control = new();
        using RawProgram program = new();
        PlanBuilder slots = new();
        FdSlot own = slots.NewSlot("control");
        program.SetSlot(own, control.Child.Number);
        program.Call(Syscall.dup3, [own, PlanContext.ControlFd, OpenFlags.O_CLOEXEC.ForKernel()], own);
        program.Call(Syscall.close_range, [PlanContext.ControlFd + 1, uint.MaxValue, 0]);
        program.ReceiveBarrier(own, []);
        ImmutableArray<KernelOp> ops = operations(slots);
        for (int i = 0; i < ops.Length; i++)
        {
            program.BeginStep(i + 1);
            ops[i].Lower(program);
        }

        ClonedChild child;
        try
        {
            child = ClonedChild.Start(program, control, PlanContext.ControlFd, flags);
        }
        catch (KernelException e)
        {
            return new ProbeOutcome(e.Call, e.Errno);
        }

        using SafeFd pidfd = child.PidFd;
        string? label = SmallFile.Read($"/proc/{child.Pid}/attr/current")?.TrimEnd('\0', '\n');
        try
        {
            if (maps is not null)
            {
                IdMapWriter.Begin(maps, child.Pid).Finish();
            }

            _ = control.Send((byte)'B', []);
            control.Receive(out SafeFd? none);
            none?.Dispose();
            return program.Failure is { } failure
                ? new ProbeOutcome(failure.Step == 0 ? "recvmsg" : FailureReport.Call(ops[failure.Step - 1], program, failure), failure.Errno, Label: label)
                : new ProbeOutcome(Label: label);
        }
        catch (CsrunException e)
        {
            return new ProbeOutcome(Failure: e, Label: label);
        }
        finally
        {
            Sys.PidfdSendSignal(pidfd, Signal.SIGKILL);
            Sys.WaitidPidfd(pidfd);
        }
    }
}
