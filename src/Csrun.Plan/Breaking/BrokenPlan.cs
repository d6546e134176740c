using System.Collections.Immutable;
using System.Globalization;
using Csrun.Linux;
using Csrun.Plan.Ops;
using Csrun.Plan.Rendering;

namespace Csrun.Plan.Breaking;

/// <summary>A plan with steps left out on purpose, to see what they are for.</summary>
/// <remarks>The steps keep their numbers: what is left out becomes a step that does nothing. Which steps may be left out,
/// <see cref="BreakPolicy"/> decides from the plan.</remarks>
/// <param name="Plan">The plan that runs.</param>
/// <param name="LeftOut">The steps that it lacks.</param>
public sealed record BrokenPlan(LaunchPlan Plan, ImmutableArray<LeftOutStep> LeftOut)
{
    // An operation's name can mean dozens of steps; more than these are counted.
    private const int Described = 4;

    /// <summary>What is left out, a text for each step; many are counted.</summary>
    public IReadOnlyList<string> Descriptions =>
    [
        .. LeftOut.Take(Described).Select(l => l.Describe()),
        .. LeftOut.Length > Described ? [$"and {LeftOut.Length - Described} steps more are left out; --explain shows them"] : Array.Empty<string>(),
    ];

    /// <summary>Leaves steps out.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="wanted">Numbers of steps, and names of operations as <c>--explain=json</c> has them; a name means all steps that have it.</param>
    /// <param name="privileged">Whether csrun has root's rights outside the container.</param>
    /// <exception cref="CsrunException">A step does not exist, or may not be left out; all of them are named.</exception>
    public static BrokenPlan Without(LaunchPlan plan, IReadOnlyList<string> wanted, bool privileged)
    {
        SortedDictionary<int, LeftOutStep> leftOut = [];
        List<string> refused = [];
        foreach (string word in wanted)
        {
            List<Step> steps = Find(plan, word);
            if (steps.Count == 0)
            {
                refused.Add(Unknown(plan, word));
            }

            foreach (Step step in steps)
            {
                if (BreakPolicy.Refusal(plan, step, privileged) is { } reason)
                {
                    refused.Add($"step {step.Number} ({Name(step)}): {reason}");
                }
                else
                {
                    leftOut[step.Number] = new LeftOutStep(step, Consequence.Of(step));
                }
            }
        }

        if (refused.Count != 0)
        {
            throw new CsrunException(
                refused.Count == 1 ? $"--break cannot leave {(wanted.Count == 1 ? $"\"{wanted[0]}\"" : "one of the steps")} out" : $"--break cannot leave {refused.Count} of the steps out",
                string.Join('\n', refused),
                "csrun run --explain=json IMAGE shows the steps with numbers and operations");
        }

        ImmutableArray<Step> steps2 = [.. plan.Steps.Select(step => leftOut.ContainsKey(step.Number) ? LeaveOut(step) : step)];
        return new BrokenPlan(plan with { Steps = steps2 }, [.. leftOut.Values]);
    }

    /// <summary>A failure of this plan, with what was left out as its cause.</summary>
    /// <param name="failure">The failure as the kernel and its step tell it.</param>
    public CsrunException Explain(CsrunException failure)
    {
        if (LeftOut.IsEmpty)
        {
            return failure;
        }

        List<string> why = [.. LeftOut.Take(Described).Select(l => $"step {l.Step.Number} was left out on purpose (--break): {l.Calls}. It is there because: {l.Step.Why}\nwithout it: {l.Without}")];
        if (LeftOut.Length > Described)
        {
            why.Add($"and {LeftOut.Length - Described} steps more were left out");
        }

        if (failure.ExitCode != 125 && failure.Why is { } own)
        {
            // The command could not be executed, which may have a cause of its own.
            why.Insert(0, own);
        }

        return new CsrunException(
            failure.Message,
            string.Join('\n', why),
            "the same command without --break",
            failure.ExitCode,
            failure);
    }

    private static Step LeaveOut(Step step) => step switch
    {
        ChildStep child => child with { Op = new LeftOutOp(child.Op) },
        CsrunStep own => own with { Op = new LeftOutCsrunOp(own.Op) },
        _ => step,
    };

    private static List<Step> Find(LaunchPlan plan, string word)
    {
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number >= 1 && number <= plan.Steps.Length ? [plan[number]] : [];
        }

        return [.. plan.Steps.Where(step => Name(step) == word)];
    }

    private static string Name(Step step) => OperationName.Of(step is ChildStep child ? child.Op : ((CsrunStep)step).Op);

    private static string Unknown(LaunchPlan plan, string word)
    {
        if (word.Length != 0 && word.All(char.IsAsciiDigit))
        {
            return $"\"{word}\": the plan has the steps 1 to {plan.Steps.Length}";
        }

        string[] names = [.. plan.Steps.Select(Name).Distinct()];
        IReadOnlyList<string> close = CloseNames.Of(word, names);
        return $"\"{word}\" is no operation of this plan; {(close.Count != 0 ? $"close to it: {string.Join(", ", close)}" : $"they are {string.Join(", ", names)}")}";
    }
}
