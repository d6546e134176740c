using Csrun.Images.Trees;
using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Plan.Planning;

namespace Csrun.Workers;

/// <summary>The worker's part of rm-tree and chown-back: looks through all trees, and then, when nothing stands in the way, works on them.</summary>
internal static class TreeWorker
{
    /// <summary>The exit code that says that the report has findings.</summary>
    internal const int HasFindings = 64;

    private const string CrossMounts = "cross-mounts";

    /// <summary>The arguments after the task's name, for <see cref="Run"/>.</summary>
    /// <param name="ids">Which IDs are the caller's, as the worker sees them.</param>
    /// <param name="crossMounts">Whether what is mounted in a tree belongs to it.</param>
    /// <param name="trees">Each tree: the number of its directory among the descriptors, from 0, and its path below that.</param>
    internal static IEnumerable<string> Arguments(TreeIds ids, bool crossMounts, IEnumerable<(int Directory, string Path)> trees) =>
        [ids.ToWord(), crossMounts ? CrossMounts : "", .. trees.Select(t => $"{t.Directory}:{t.Path}")];

    /// <summary>Works on the trees: descriptor 10 is the report, the directories follow.</summary>
    internal static int Run(bool remove, ReadOnlySpan<string> args)
    {
        using SafeFd reportFile = new(WorkerPlanner.FirstFd);
        TreeIds ids = TreeIds.Parse(args[0]);
        bool crossMounts = args[1] == CrossMounts;
        TreeReport report = new();
        List<(SafeFd Directory, string Path)> trees = [];
        foreach (string arg in args[2..])
        {
            int colon = arg.IndexOf(':', StringComparison.Ordinal);
            trees.Add((new SafeFd(WorkerPlanner.FirstFd + 1 + int.Parse(arg.AsSpan(0, colon))), arg[(colon + 1)..]));
        }

        bool blocked = false;
        for (int i = 0; i < trees.Count; i++)
        {
            foreach (TreeFinding finding in TreeSurvey.Look(trees[i].Directory, trees[i].Path, ids, groupsCount: !remove, crossMounts))
            {
                report.Findings.Add((i, finding));
                blocked |= remove || finding.Kind != TreeFindingKind.MountPoint;
            }
        }

        for (int i = 0; i < trees.Count && !blocked; i++)
        {
            if (remove)
            {
                Remove(trees[i], i, report);
            }
            else
            {
                (long seen, long changed, IReadOnlyList<TreeFinding> failures) = TreeReturn.GiveBack(trees[i].Directory, trees[i].Path, ids, crossMounts);
                report.Done.Add((i, seen, changed));
                report.Findings.AddRange(failures.Select(f => (i, f)));
            }
        }

        report.WriteTo(reportFile);
        return report.Findings.Count == 0 ? 0 : HasFindings;
    }

    private static void Remove((SafeFd Directory, string Path) tree, int number, TreeReport report)
    {
        int slash = tree.Path.LastIndexOf('/');
        string above = slash < 0 ? "" : tree.Path[..slash];
        TreeRemoval removal;
        if (slash < 0)
        {
            removal = TreeRemover.Remove(tree.Directory, tree.Path);
        }
        else
        {
            using SafeFd parent = Sys.Openat2(
                tree.Directory,
                above,
                OpenFlags.O_PATH | OpenFlags.O_DIRECTORY,
                0,
                ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_MAGICLINKS).FdOrThrow("openat2", above);
            removal = TreeRemover.Remove(parent, tree.Path[(slash + 1)..]);
        }

        report.Done.Add((number, removal.Removed, removal.Removed));
        if (removal.FirstFailure is { } failed)
        {
            report.Findings.Add((number, new TreeFinding(TreeFindingKind.Failed, slash < 0 ? failed : $"{above}/{failed}", removal.Errno)));
        }
    }
}
