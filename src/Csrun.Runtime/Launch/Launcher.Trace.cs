using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Plan;
using Csrun.Plan.Ops;
using Csrun.Runtime.Tracing;

namespace Csrun.Runtime.Launch;

/// <content>One step after the other, for a trace.</content>
public sealed partial class Launcher
{
    /// <summary>Waits until the child has done a step, reports it, and lets the child go on.</summary>
    private void Follow(ChildStep step, LaunchPlan plan, LaunchTrace trace)
    {
        if (!trace.Program.Watches(step.Number))
        {
            trace.Skip(step);
            return;
        }

        bool alive;
        do
        {
            alive = Receive(plan, out SafeFd? fd, out ControlMessage kind);
            _terminal = fd ?? _terminal;
            _reached |= kind == ControlMessage.Reached;
            if (kind is not (ControlMessage.Terminal or ControlMessage.Reached))
            {
                break;
            }
        }
        while (alive);

        if (alive)
        {
            trace.Done(step, _program, _child.Pid);
            _held = true;
        }
    }

    /// <summary>Lets a child that stopped go on, when its next step comes next. That is asked about before, but for the child's half of a
    /// barrier: csrun's half was, and the child has to be in it when csrun's message comes, which it would take for leave to go on.</summary>
    private void LetGo(Step done, LaunchPlan plan)
    {
        if (!_held)
        {
            return;
        }

        int next = done.Number;
        while (next < plan.Steps.Length && plan.Steps[next] is CsrunStep)
        {
            next++;
        }

        if (next < plan.Steps.Length && plan.Steps[next] is ChildStep { Op: not AwaitBarrierOp } step)
        {
            if (step.Number != done.Number + 1)
            {
                return;
            }

            _trace?.Before(step, _child.Pid);
        }

        _held = false;
        _ = _control.Send((byte)ControlMessage.Barrier, []);
    }
}
