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
    private const int MostOfACall = 240;

    public static CsrunException Explain(LaunchPlan plan, RawProgram program, (int Step, int Op, Errno Errno) failure, SafeFd? root)
    {
        ChildStep step = (ChildStep)plan[failure.Step];
        if (step.Op is ExecveOp execve)
        {
            if (plan.Root is not null)
            {
                return CommandDiagnosis.Explain(execve, program, failure.Op, failure.Errno, root, User(plan));
            }

            return CommandDiagnosis.ExplainHost(execve, program, failure.Op, failure.Errno);
        }

        string call = Call(step.Op, program, failure);
        Hint? said = plan.Facts is { } facts ? step.Op.HintFor(failure.Errno, facts) : null;
        // What the host shows is more than what the operation knows of itself; the exit code is the operation's to say.
        Hint? hint = StepDiagnosis.Explain(plan, step.Op, failure.Errno, root) is { } found ? found with { ExitCode = said?.ExitCode ?? 125 } : said;
        return new CsrunException(
            $"step {step.Number} of {plan.Steps.Length}, {Short(call)}: {failure.Errno} ({failure.Errno.Describe()})",
            hint?.Why ?? $"csrun wanted: {step.Why}",
            hint?.Fix ?? $"the calls of all steps: the same command with --explain; the kernel's reasons: man {step.Op.ManPage[^2]} {step.Op.ManPage[..^3]}",
            hint?.ExitCode ?? 125)
        { Gates = Gates(step.Op, failure.Errno) };
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

    // The container's user, which the plan's last change of user makes it.
    private static uint? User(LaunchPlan plan) => (plan.Steps.LastOrDefault(step => step is ChildStep { Op: SetIdsOp }) as ChildStep)?.Op is SetIdsOp ids ? ids.Uid : null;

    // A structure of a hundred flags says nothing that the why does not; --explain has it whole.
    private static string Short(string call) => call.Length <= MostOfACall ? call : call[..MostOfACall] + "...)";

    // What the host can have refused here; a missing volume and the like is nobody's but the caller's.
    private static string[] Gates(KernelOp op, Errno errno) => op switch
    {
        UnshareOp when errno is Errno.ENOSPC or Errno.EUSERS => [], // which limit it is has been looked up
        UnshareOp => ["namespaces", "apparmor"],
        PropagationOp => ["mount", "apparmor"],
        NewFilesystemOp { Type: "overlay" } => ["overlay", "apparmor"],
        NewFilesystemOp { Type: "proc" } => ["proc", "apparmor"],
        NewFilesystemOp => ["mount", "apparmor"],
        _ => [],
    };
}
