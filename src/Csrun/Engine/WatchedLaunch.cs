using System.Text;
using Csrun.Commands;
using Csrun.Linux;
using Csrun.Oci;
using Csrun.Plan;
using Csrun.Plan.Breaking;
using Csrun.Plan.Reports;
using Csrun.Plan.Requests;
using Csrun.Plan.Tracing;
using Csrun.Runtime.Attend;
using Csrun.Runtime.Launch;
using Csrun.Runtime.Tracing;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary>A launch as its plan is looked at: explained, followed, stopped, broken on purpose, reported. A plain run has all of it switched off.</summary>
internal sealed class WatchedLaunch
{
    private readonly RunRequest _request;
    private readonly Spec? _config;
    private readonly BrokenPlan _broken;
    private readonly List<StepOutcome> _outcomes = [];
    private LaunchTrace? _trace;

    private WatchedLaunch(RunRequest request, Spec? config, BrokenPlan broken) => (_request, _config, _broken) = (request, config, broken);

    /// <summary>The plan, without the steps that are left out.</summary>
    internal LaunchPlan Plan => _broken.Plan;

    /// <summary>Refuses what could only fail later, before anything is made.</summary>
    /// <exception cref="CsrunException">There is no terminal to ask, or the report cannot be written.</exception>
    internal static void Check(RunRequest request)
    {
        if (request.Step)
        {
            StepTerminal.Require();
        }

        if (request.Report is { } report)
        {
            SavedFile.Check(report.File, report.Replace, "--html");
        }
    }

    /// <summary>Takes the plan, and leaves out what <c>--break</c> names, with a note about each step.</summary>
    internal static WatchedLaunch Prepare(Caller caller, RunRequest request, Spec? config, LaunchPlan plan)
    {
        if (request.Break.Count == 0)
        {
            return new WatchedLaunch(request, config, new BrokenPlan(plan, []));
        }

        BrokenPlan broken = BrokenPlan.Without(plan, request.Break, caller.Uid == 0 || caller.IsPrivileged);
        Notes.Write(broken.Descriptions);
        return new WatchedLaunch(request, config, broken);
    }

    /// <summary>Prints the plan where only that was asked for; the exit code then, else null.</summary>
    internal int? Print()
    {
        if (_request.Explain is { } format)
        {
            return Explanation.Write(Plan, format);
        }

        if (_request.Report is { Planned: true } report)
        {
            Save(report, Report());
            return 0;
        }

        return null;
    }

    /// <summary>Clones, with the whole plan.</summary>
    internal Launcher Begin()
    {
        _trace = TraceWriter.Start(Plan, _request, _config, _outcomes);
        return Launcher.Begin(Plan, _trace);
    }

    /// <summary>Carries the rest of a launch out; a failure names what was left out as its cause.</summary>
    internal RunningContainer Finish(Launcher launcher)
    {
        RunningContainer running;
        try
        {
            running = launcher.Finish(Plan, Attendant.ForwardSignals);
        }
        catch (CsrunException failure) when (failure is not LaunchStoppedException && !_broken.LeftOut.IsEmpty)
        {
            throw _broken.Explain(failure);
        }

        if (_request.Report is { } report)
        {
            Save(report, Report() with
            {
                Outcomes = _outcomes,
                MountsBefore = _trace!.AtStart.Mounts,
                MountsAfter = _trace.Latest.Mounts,
            });
        }

        return running;
    }

    private LaunchReport Report() => new()
    {
        CommandLine = ["csrun", .. Environment.GetCommandLineArgs().Skip(1)],
        Version = VersionCommand.Version,
        When = DateTimeOffset.Now,
        Plan = Plan,
    };

    private static void Save(ReportRequest request, LaunchReport report) =>
        SavedFile.Write(request.File, Encoding.UTF8.GetBytes(HtmlReport.Render(report)), request.Replace, "--html");
}
