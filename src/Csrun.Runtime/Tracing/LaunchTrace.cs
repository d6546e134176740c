using System.Diagnostics;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan;
using Csrun.Plan.Ops;
using Csrun.Plan.Tracing;

namespace Csrun.Runtime.Tracing;

/// <summary>Follows a launch step by step for <c>--trace</c>: how long each took, what its calls were answered with, what it changed.</summary>
public sealed class LaunchTrace
{
    private readonly Action<StepOutcome> _report;
    private readonly Action<Step, int>? _before;
    private readonly List<ChildStep> _unwatched = [];
    // Before the child exists, csrun itself: so that the first step shows what clone made new.
    private ProcessState _state = ProcessStateProbe.Read(Environment.ProcessId);
    private long _started;

    /// <summary>Prepares the trace of one launch.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="endAtFilter">Whether the trace ends where the seccomp filter is loaded (<see cref="TraceProgram"/>).</param>
    /// <param name="report">Takes each step once it is done.</param>
    /// <param name="before">Is given each step before it is done, with the child's PID (0 while there is none), and returns when it may be
    /// done; null: nobody waits. An exception ends the launch.</param>
    public LaunchTrace(LaunchPlan plan, bool endAtFilter, Action<StepOutcome> report, Action<Step, int>? before = null)
    {
        _report = report;
        _before = before;
        AtStart = _state;
        FdSlot control = plan.Steps.OfType<ChildStep>().Select(s => s.Op).OfType<Dup3Op>().First(d => d.Number == Plan.Planning.PlanContext.ControlFd).Result!.Value;
        Program = new TraceProgram(control, endAtFilter, before is null ? null : plan.InheritedControl);
    }

    /// <summary>What csrun itself was like before the child existed.</summary>
    public ProcessState AtStart { get; }

    /// <summary>What the child was like when it could be looked at last.</summary>
    public ProcessState Latest => _state;

    /// <summary>What is added to the child's program.</summary>
    public TraceProgram Program { get; }

    /// <summary>Whether somebody is asked before each step.</summary>
    internal bool Asks => _before is not null;

    /// <summary>Returns when the step may be done.</summary>
    internal void Before(Step step, int pid) => _before?.Invoke(step, pid);

    /// <summary>Notes that a step of csrun's own begins.</summary>
    internal void Begin() => _started = Stopwatch.GetTimestamp();

    /// <summary>Reports a step of csrun's own.</summary>
    internal void Done(CsrunStep step, int pid, RawProgram? program = null)
    {
        TimeSpan duration = Stopwatch.GetElapsedTime(_started);
        if (step.Op is AdoptSiblingOp && program is not null)
        {
            End(program); // the fork, whose result this step is
        }
        else if (step.Op is AwaitChildOp && program is not null)
        {
            End(program, step.Number); // the child has got there
        }

        ProcessState before = _state;
        _state = ProcessStateProbe.Read(pid).After(before);
        _report(new StepOutcome(step, duration, [step.Op.Describe()], StateChanges.Between(before, _state)));
    }

    /// <summary>Reports a step of the child at which it stopped.</summary>
    internal void Done(ChildStep step, RawProgram program, int pid)
    {
        ProcessState before = _state;
        ProcessState now = ProcessStateProbe.Read(pid).After(before);
        _state = now.IsKnown ? now : _state;
        TimeSpan? duration = Program.Duration(program, step.Number) is { } nanoseconds ? TimeSpan.FromTicks(nanoseconds / 100) : null;
        _report(new StepOutcome(step, duration, Calls(step, program), StateChanges.Between(before, now)));
    }

    /// <summary>Keeps a step at which the child does not stop, for <see cref="End"/>.</summary>
    internal void Skip(ChildStep step) => _unwatched.Add(step);

    /// <summary>Reports the steps at which the child did not stop: the command runs, so they are all done.</summary>
    /// <param name="program">The child's program.</param>
    /// <param name="before">Those before this step alone.</param>
    internal void End(RawProgram program, int before = int.MaxValue)
    {
        foreach (ChildStep step in _unwatched.Where(s => s.Number < before))
        {
            _report(new StepOutcome(step, null, Calls(step, program), []));
        }

        _unwatched.RemoveAll(s => s.Number < before);
    }

    private List<string> Calls(ChildStep step, RawProgram program)
    {
        StraceText text = new();
        step.Op.ToStrace(text);
        if (step.Op is LeftOutOp)
        {
            return [.. text.Lines];
        }

        // The first operations of a watched step note the time, the last ones stop the child.
        IReadOnlyList<long> results = program.ResultsOf(step.Number);
        int first = Program.OperationsBefore(step.Number);
        List<string> calls = [];
        for (int i = 0; i < text.Calls.Count; i++)
        {
            long? result = first + i < results.Count ? results[first + i] : null;
            calls.Add(result switch
            {
                null => text.Calls[i],
                long.MinValue when step.Op is ExecveOp && calls.Count == i => $"{text.Calls[i]} = 0",
                long.MinValue => $"{text.Calls[i]} (not made)",
                < 0 and > -4096 => $"{text.Calls[i]} = -1 {(Errno)(-result)} ({((Errno)(int)-result).Describe()})",
                _ => $"{text.Calls[i]} = {result}",
            });
            if (step.Op is ExecveOp && result is long.MinValue)
            {
                break; // the one that succeeded
            }
        }

        return calls;
    }
}
