using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Plan;
using Csrun.Plan.Ops;

namespace Csrun.Runtime.Launch;

/// <summary>Turns what the child left in shared memory (an operation and an errno) into a message.</summary>
internal static class FailureReport
{
    public static CsrunException Explain(LaunchPlan plan, RawProgram program, (int Step, int Op, Errno Errno) failure, SafeFd? root)
    {
        ChildStep step = (ChildStep)plan[failure.Step];
        if (step.Op is ExecveOp execve)
        {
            if (plan.Root is not null)
            {
                return CommandDiagnosis.Explain(execve, program, failure.Op, failure.Errno, root);
            }

            return CommandDiagnosis.ExplainHost(execve, program, failure.Op, failure.Errno);
        }

        string call = Call(step.Op, program, failure);
        Hint? hint = plan.Facts is { } facts ? step.Op.HintFor(failure.Errno, facts) : null;
        return new CsrunException(
            $"step {step.Number} of {plan.Steps.Length}, {call}: {failure.Errno} ({failure.Errno.Describe()})",
            hint?.Why ?? $"csrun wanted: {step.Why}",
            hint?.Fix ?? $"see {step.Op.ManPage}",
            hint?.ExitCode ?? 125)
        { Gates = Gates(step.Op) };
    }

    /// <summary>The call that failed, as strace prints it.</summary>
    internal static string Call(KernelOp op, RawProgram program, (int Step, int Op, Errno Errno) failure)
    {
        StraceText text = new();
        op.ToStrace(text);
        // A step of several calls: the one that failed, counted among the step's operations.
        int first = failure.Op;
        while (first > 0 && program.StepOf(first - 1) == failure.Step)
        {
            first--;
        }

        return text.Calls[Math.Min(failure.Op - first, text.Calls.Count - 1)];
    }

    // What the host can have refused here; a missing volume and the like is nobody's but the caller's.
    private static string[] Gates(KernelOp op) => op switch
    {
        UnshareOp => ["namespaces", "apparmor"],
        PropagationOp => ["mount", "apparmor"],
        NewFilesystemOp { Type: "overlay" } => ["overlay", "apparmor"],
        NewFilesystemOp { Type: "proc" } => ["proc", "apparmor"],
        NewFilesystemOp => ["mount", "apparmor"],
        _ => [],
    };
}
