using System.Collections.Immutable;
using Csrun.Images.Trees;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Plan.Planning;
using Csrun.Runtime.Ownership;
using Csrun.Terminal;
using Csrun.Workers;

namespace Csrun.Engine;

/// <summary>Undoes what the volume option <c>U</c> has written down about a tree (<see cref="ChownRecord"/>).</summary>
internal static class RecordedOwners
{
    /// <summary>Whether there is a record of this tree.</summary>
    internal static bool Has(TreeTarget target, string store)
    {
        using SafeFd? top = Top(target);
        using SafeFd? record = top is null ? null : ChownRecord.Open(store, top);
        return record is not null;
    }

    /// <summary>Gives every file of the record its owner back that still has the one that <c>U</c> gave it; the record goes when all could be.</summary>
    /// <exception cref="CsrunException">A file could not be given back; the record stays.</exception>
    internal static void Undo(TreeTarget target, string store, TreeRights rights)
    {
        using SafeFd top = Top(target) ?? throw new CsrunException($"chown-back \"{target.Typed}\"", "it has gone meanwhile");
        using SafeFd record = ChownRecord.Open(store, top) ?? throw new CsrunException($"chown-back \"{target.Typed}\"", "its record of changed owners has gone meanwhile");
        using SafeFd file = Sys.MemfdCreate("csrun-report", allowSealing: false).FdOrThrow("memfd_create");
        try
        {
            ImmutableArray<string> args = [Worker.ChownUndo];
            if (rights.Namespace is { } identity)
            {
                Worker.StartInNamespace(identity.Plan.Maps, identity.Writer, identity.Plan.DenySetgroups, args, file, top, record);
            }
            else
            {
                Worker.StartAsCaller(args, file, top, record);
            }
        }
        catch (WorkerFailedException e) when (e.ExitCode == TreeWorker.HasFindings)
        {
            // The report says which.
        }

        TreeReport report = TreeReport.Read(file);
        foreach ((_, long seen, long changed) in report.Done)
        {
            FdWriter.Stdout.Write($"{target.Typed}: {changed} of {seen} changes of owners undone, which the volume option U had made\n");
        }

        if (report.Findings is [(_, TreeFinding first), ..])
        {
            FdWriter.Stdout.Flush();
            throw new CsrunException(
                $"chown-back: not all of \"{target.Typed}\" could be given back",
                $"\"{target.Typed}/{first.Path}\": fchownat: {first.Errno} ({first.Errno.Describe()}){(first.Errno == Errno.EPERM ? ": it belonged to an ID that is not yours to give it to" : "")}",
                $"sudo csrun --root '{store}' chown-back '{target.Typed}'");
        }

        ChownRecord.Remove(store, top);
    }

    /// <summary>The worker's part: descriptor 10 is the report, 11 the tree's top, 12 the record.</summary>
    internal static int RunInside()
    {
        using SafeFd file = new(WorkerPlanner.FirstFd);
        using SafeFd top = new(WorkerPlanner.FirstFd + 1);
        using SafeFd record = new(WorkerPlanner.FirstFd + 2);
        ChownRecord read = ChownRecord.Read(record);
        OwnerTally tally = OwnerRestore.Apply(top, read, OwnerIds.OfThisProcess());
        TreeReport report = new();
        report.Done.Add((0, read.Entries.Count, tally.Changed));
        if (tally.FirstFailure is { } failed)
        {
            report.Findings.Add((0, new TreeFinding(TreeFindingKind.Failed, failed, tally.Errno)));
        }

        report.WriteTo(file);
        return report.Findings.Count == 0 ? 0 : TreeWorker.HasFindings;
    }

    private static SafeFd? Top(TreeTarget target)
    {
        SysResult opened = Sys.Openat2(target.Above, target.Below, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW);
        return opened.Ok ? new SafeFd(opened.Int) : null;
    }
}
