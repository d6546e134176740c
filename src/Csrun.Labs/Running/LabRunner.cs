using System.Diagnostics;
using System.Globalization;
using Csrun.Labs.Model;
using Csrun.Labs.Reporting;
using Csrun.Linux;

namespace Csrun.Labs.Running;

/// <summary>Runs labs one after the other and takes away what they made.</summary>
public sealed class LabRunner : IDisposable
{
    private readonly LabWorkplace _workplace;
    private readonly LabFacts _facts;
    private readonly bool _keep;
    private readonly CancellationToken _stop;

    private readonly List<string> _leftBefore;

    /// <summary>Makes the place where the labs work, and removes what labs left that were killed.</summary>
    /// <param name="host">The program around it.</param>
    /// <param name="keep">Whether the directories, mounts and containers stay for the reader to look at.</param>
    /// <param name="stop">Ends the lab that is running after its step, and cleans up.</param>
    /// <exception cref="CsrunException">The directory cannot be made.</exception>
    public LabRunner(ILabHost host, bool keep, CancellationToken stop)
    {
        _workplace = new LabWorkplace(host, keep);
        (Removed, _leftBefore) = LabLeftOvers.Remove(_workplace);
        _facts = new LabFacts(_workplace);
        (_keep, _stop) = (keep, stop);
    }

    /// <summary>Runs one lab.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="onStart">Told where it works, before the first step; not when it is skipped.</param>
    /// <param name="onStep">Told of each step as it ends.</param>
    public LabReport Run(Lab lab, Action<string> onStart, Action<StepReport> onStep)
    {
        long start = Stopwatch.GetTimestamp();
        LabReport report = Missing(lab.Needs) is { } reason
            ? new LabReport(lab, LabOutcome.Skipped, []) { Reason = reason }
            : RunSteps(lab, onStart, onStep);
        return report with { Milliseconds = (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds };
    }

    /// <summary>Removes what the labs share: the store and the state.</summary>
    public void Dispose()
    {
        Left = _keep ? _leftBefore : [.. _leftBefore, .. _workplace.RemoveAll()];
        _workplace.Dispose();
    }

    /// <summary>Directories of labs that were killed, which are gone now.</summary>
    public IReadOnlyList<string> Removed { get; }

    /// <summary>After <see cref="Dispose"/>: what could not be removed.</summary>
    public IReadOnlyList<string> Left { get; private set; } = [];

    private LabReport RunSteps(Lab lab, Action<string> onStart, Action<StepReport> onStep)
    {
        LabAccount owner = _workplace.Account(lab.Actor);
        string directory = _workplace.Enter(lab.Name, owner);
        LabVariables variables = Variables(directory);
        List<StepReport> steps = [];
        string? trouble = null;
        List<string> left = [];
        LabStepRunner runner = new(_workplace, lab, variables);
        try
        {
            onStart(directory);
            foreach (LabStep step in lab.Steps)
            {
                StepReport report = Missing(step.Needs) is { } reason ? new StepReport(step, LabOutcome.Skipped) { Reason = reason } : runner.Run(step);
                steps.Add(report);
                onStep(report);
                _stop.ThrowIfCancellationRequested();
                if (report.Outcome == LabOutcome.Failed)
                {
                    break;
                }
            }
        }
        catch (CsrunException e)
        {
            trouble = e.Why is null ? e.Message : $"{e.Message}: {e.Why}";
        }
        catch (OperationCanceledException)
        {
            trouble = "interrupted";
        }
        finally
        {
            runner.EndProcesses();
            if (!_keep)
            {
                runner.CleanUp();
                left = _workplace.Remove(lab.Name);
            }
        }

        bool failed = trouble is not null || left.Count != 0 || steps.Any(s => s.Outcome == LabOutcome.Failed);
        return new LabReport(lab, failed ? LabOutcome.Failed : LabOutcome.Passed, steps) { Reason = trouble, Left = left, Kept = _keep ? directory : null };
    }

    private LabVariables Variables(string directory)
    {
        LabVariables variables = new();
        variables["DIR"] = directory;
        variables["IMAGE"] = _facts.Image;
        LabAccount user = _workplace.Account(LabActor.User);
        variables["USER"] = user.Name;
        variables["UID"] = Text(user.Uid);
        variables["GID"] = Text(user.Gid);
        variables["SUBUID"] = Text(_facts.FirstSubUid);
        variables["SUBGID"] = Text(_facts.FirstSubGid);
        return variables;
    }

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);

    private string? Missing(IEnumerable<LabNeed> needs)
    {
        foreach (LabNeed need in needs)
        {
            if (need.Missing(_facts) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }
}
