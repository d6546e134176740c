using System.Runtime.InteropServices;
using Csrun.Labs;
using Csrun.Labs.Model;
using Csrun.Labs.Reporting;
using Csrun.Labs.Running;
using Csrun.Linux;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun lab list</c>, <c>csrun lab run</c>.</summary>
internal static class LabVerbs
{
    private const int WidthOfFiles = 120;

    /// <summary>Lists the labs.</summary>
    internal static int List(bool json)
    {
        if (json)
        {
            FdWriter.Stdout.Write(LabJson.List(LabTable.All));
            FdWriter.Stdout.Flush();
        }
        else
        {
            Text().List(LabTable.All);
        }

        return 0;
    }

    /// <summary>Runs labs; text appears as they go.</summary>
    internal static int Run(Caller caller, IReadOnlyList<string> names, bool keep, bool json)
    {
        IReadOnlyList<Lab> labs = names.Count == 0 ? LabTable.All : [.. names.Select(name => LabTable.Find(name)!)];
        List<LabReport> reports = [];
        LabText? text = json ? null : Text();
        using CancellationTokenSource stop = new();

        // The lab's commands die of Ctrl-C by themselves; what they made is still to be removed.
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        LabRunner runner = new(new LabHost(caller), keep, stop.Token);
        foreach (string removed in runner.Removed)
        {
            Notes.Write($"removed {removed}, which a lab that was killed had left");
        }

        using (runner)
        {
            foreach (Lab lab in labs)
            {
                if (stop.IsCancellationRequested)
                {
                    break;
                }

                LabReport report = runner.Run(lab, directory => text?.Start(lab, directory), step => text?.Step(step));
                text?.End(report);
                reports.Add(report);
            }
        }

        foreach (string left in runner.Left)
        {
            Notes.Write($"left behind: {left}");
        }

        if (json)
        {
            FdWriter.Stdout.Write(LabJson.Reports(reports));
            FdWriter.Stdout.Flush();
        }

        text?.Sum(reports);
        return stop.IsCancellationRequested ? 130 : runner.Left.Count == 0 && reports.All(report => report.Outcome != LabOutcome.Failed) ? 0 : 1;
    }

    private static LabText Text()
    {
        SysResult size = Sys.GetWindowSize(1);
        int columns = size.Ok ? size.Int & 0xffff : 0;
        return new LabText(FdWriter.Stdout, columns == 0 ? WidthOfFiles : columns);
    }
}
