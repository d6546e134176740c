using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Tracing;

/// <summary>What is added to the child's program for <c>--trace</c>: the time before and after each step, and a stop after it, at
/// which csrun looks at the child and lets it go on.</summary>
/// <remarks>Operations like all others: the interpreter knows nothing of it, and a launch without a trace has none of them.</remarks>
public sealed class TraceProgram
{
    private readonly FdSlot _control;
    private readonly FdSlot? _heldBy;
    private readonly Dictionary<int, (nint Before, nint After)> _times = [];
    private int _heldStep;
    private bool _controlIsOpen;
    private bool _ownMemory = true;
    private bool _ended;

    /// <summary>Starts a trace.</summary>
    /// <param name="control">The slot of the child's end of the control socket.</param>
    /// <param name="endAtFilter">Whether to stop tracing where the seccomp filter is loaded: a filter that csrun does not know could
    /// refuse the trace's own calls.</param>
    /// <param name="heldBy">The slot by which the child's end of the control socket is inherited, to wait for csrun before the child's
    /// first step too; null where it starts at once.</param>
    public TraceProgram(FdSlot control, bool endAtFilter, FdSlot? heldBy = null)
    {
        _control = control;
        _heldBy = heldBy;
        EndAtFilter = endAtFilter;
    }

    /// <summary>Whether the trace ends where the filter is loaded.</summary>
    public bool EndAtFilter { get; }

    /// <summary>Whether csrun is told when this step is done.</summary>
    public bool Watches(int step) => _times.TryGetValue(step, out (nint Before, nint After) times) && times.After != 0;

    /// <summary>How many operations of the trace's own stand before a watched step's.</summary>
    public int OperationsBefore(int step) => !Watches(step) ? 0 : step == _heldStep ? 2 : 1;

    /// <summary>How long a step took in the child, in nanoseconds; null when it was not watched or has not ended.</summary>
    public long? Duration(RawProgram program, int step)
    {
        if (!Watches(step))
        {
            return null;
        }

        (nint before, nint after) = _times[step];
        long end = program.NotedTime(after);
        return end == 0 ? null : end - program.NotedTime(before);
    }

    /// <summary>Lowers one step with what belongs before and after it.</summary>
    public void Lower(RawProgram program, ChildStep step)
    {
        if (_heldBy is { } inherited && _heldStep == 0)
        {
            _heldStep = step.Number;
            program.ReceiveBarrier(inherited, []);
        }

        // From here on the child talks to csrun about the start, and then to nobody.
        _ended |= step.Op is AnnounceOp { Name: Planning.StartPlanner.Ready };
        // Of the two processes that a fork of the sibling leaves, one tells csrun of the other: no second message may come between.
        if (_ended || step.Op is ExecveOp or ForkSiblingOp)
        {
            step.Op.Lower(program);
            return;
        }

        nint before = program.NoteTime();
        step.Op.Lower(program);
        _controlIsOpen |= step.Op is Dup3Op { Number: Planning.PlanContext.ControlFd };
        _ended = !_controlIsOpen || (EndAtFilter && step.Op is SeccompOp);
        if (_ended)
        {
            return;
        }

        nint after = program.NoteTime();
        // A change of user makes the child's /proc files root's (proc(5), PR_SET_DUMPABLE): csrun could not look at it any more. No
        // process of the container exists yet that could abuse it; from the plan's own PR_SET_DUMPABLE on, it stays as it says.
        _ownMemory &= step.Op is not PrctlOp { Option: PrctlOption.PR_SET_DUMPABLE };
        if (_ownMemory)
        {
            program.Call(Syscall.prctl, [(long)PrctlOption.PR_SET_DUMPABLE, 1, 0, 0, 0]);
        }

        program.Announce(_control);
        program.ReceiveBarrier(_control, []);
        _times[step.Number] = (before, after);
    }
}
