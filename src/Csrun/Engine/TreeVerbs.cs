using System.Collections.Immutable;
using Csrun.Commands;
using Csrun.Images.Trees;
using Csrun.Linux;
using Csrun.Linux.Handles;
using Csrun.Terminal;
using Csrun.Workers;

namespace Csrun.Engine;

/// <summary><c>csrun rm-tree</c> and <c>csrun chown-back</c>: work on files that belong to subordinate IDs, in a worker that has all of them.</summary>
internal static class TreeVerbs
{
    // A message carries 32 descriptors at most: the report, and so many directories.
    private const int AtOnce = 28;

    /// <summary>Removes trees.</summary>
    internal static int Remove(IReadOnlyList<string> paths, GlobalOptions options) => Work("rm-tree", remove: true, paths, crossMounts: false, options);

    /// <summary>Gives trees back to the caller.</summary>
    internal static int ChownBack(IReadOnlyList<string> paths, bool crossMounts, GlobalOptions options) => Work("chown-back", remove: false, paths, crossMounts, options);

    private static int Work(string verb, bool remove, IReadOnlyList<string> paths, bool crossMounts, GlobalOptions options)
    {
        Caller caller = new(options);
        List<TreeTarget> targets = TreeTarget.Open(verb, paths, caller.Roots.Data);
        try
        {
            TreeRights rights = TreeRights.Of(caller);
            List<TreeTarget> recorded = remove ? [] : targets.FindAll(t => RecordedOwners.Has(t, caller.Roots.Data));
            List<TreeTarget> others = targets.FindAll(t => !recorded.Contains(t));
            for (int at = 0; at < others.Count; at += AtOnce)
            {
                List<TreeTarget> some = others[at..Math.Min(others.Count, at + AtOnce)];
                TreeReport report = Start(rights, remove, some, crossMounts);
                Say(verb, remove, some, report, rights);
            }

            foreach (TreeTarget target in recorded)
            {
                RecordedOwners.Undo(target, caller.Roots.Data, rights);
            }
        }
        finally
        {
            targets.ForEach(t => t.Dispose());
        }

        FdWriter.Stdout.Flush();
        return 0;
    }

    private static TreeReport Start(TreeRights rights, bool remove, List<TreeTarget> targets, bool crossMounts)
    {
        using SafeFd file = Sys.MemfdCreate("csrun-report", allowSealing: false).FdOrThrow("memfd_create");
        ImmutableArray<string> args =
        [
            remove ? Worker.RemoveTrees : Worker.ChownBack,
            .. TreeWorker.Arguments(rights.Ids, crossMounts, targets.Select((t, i) => (i, t.Below))),
        ];
        SafeFd[] descriptors = [file, .. targets.Select(t => t.Above)];
        try
        {
            if (rights.Namespace is { } identity)
            {
                Worker.StartInNamespace(identity.Plan.Maps, identity.Writer, identity.Plan.DenySetgroups, args, descriptors);
            }
            else
            {
                Worker.StartAsCaller(args, descriptors);
            }
        }
        catch (WorkerFailedException e) when (e.ExitCode == TreeWorker.HasFindings)
        {
            // The report says which.
        }

        return TreeReport.Read(file);
    }

    private static void Say(string verb, bool remove, List<TreeTarget> targets, TreeReport report, TreeRights rights)
    {
        TreeMessages messages = new(verb, remove, targets, rights);
        foreach ((int tree, long seen, long changed) in report.Done)
        {
            FdWriter.Stdout.Write(remove
                ? $"removed {targets[tree].Typed} ({Files(seen)})\n"
                : $"{targets[tree].Typed}: {changed} of {Files(seen)} given back\n");
        }

        List<(int Tree, TreeFinding Finding)> serious = [];
        foreach ((int tree, TreeFinding finding) in report.Findings)
        {
            if (!remove && finding.Kind == TreeFindingKind.MountPoint)
            {
                Notes.Write(messages.LeftOut(tree, finding));
            }
            else
            {
                serious.Add((tree, finding));
            }
        }

        if (serious.Count != 0)
        {
            FdWriter.Stdout.Flush();
            throw messages.Refusal(serious, begun: report.Done.Count != 0);
        }
    }

    private static string Files(long count) => count == 1 ? "1 file" : $"{count} files";
}
