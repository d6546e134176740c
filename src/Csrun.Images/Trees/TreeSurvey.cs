using System.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Trees;

/// <summary>Looks through a tree, without changing it, for what is not the caller's to remove or to take.</summary>
public sealed class TreeSurvey : TreeWalk
{
    private const int Most = 20;

    private readonly TreeIds _ids;
    private readonly bool _groupsCount;
    private readonly List<TreeFinding> _findings = [];

    private TreeSurvey(TreeIds ids, bool groupsCount, bool crossMounts) : base(crossMounts)
    {
        _ids = ids;
        _groupsCount = groupsCount;
    }

    /// <summary>Looks through a tree.</summary>
    /// <param name="parent">A directory above it.</param>
    /// <param name="path">Its path below that.</param>
    /// <param name="ids">Which IDs are the caller's.</param>
    /// <param name="groupsCount">Whether a foreign group stands in the way: it does of a change of owner, not of removal.</param>
    /// <param name="crossMounts">Whether what is mounted in the tree belongs to it.</param>
    /// <returns>What stands in the way, at most the first few.</returns>
    public static IReadOnlyList<TreeFinding> Look(SafeFd parent, string path, TreeIds ids, bool groupsCount, bool crossMounts)
    {
        TreeSurvey survey = new(ids, groupsCount, crossMounts);
        survey.Walk(parent, Encoding.UTF8.GetBytes(path + '\0'), path);
        return survey._findings;
    }

    /// <inheritdoc/>
    protected override void Visit(SafeFd file, in FileStat stat, string display)
    {
        if (!_ids.All && !_ids.OwnsUser(stat.uid))
        {
            Add(new TreeFinding(TreeFindingKind.ForeignUser, display));
        }
        else if (_groupsCount && stat.uid != _ids.Uid && !_ids.OwnsGroup(stat.gid))
        {
            Add(new TreeFinding(TreeFindingKind.ForeignGroup, display));
        }
    }

    /// <inheritdoc/>
    protected override void MountPoint(string display) => Add(new TreeFinding(TreeFindingKind.MountPoint, display));

    /// <inheritdoc/>
    protected override void Failed(string display, Errno errno)
    {
        // A directory whose owner took the rights to it away: the owner gives them back when it comes to that.
        if (errno != Errno.EACCES)
        {
            Add(new TreeFinding(TreeFindingKind.Failed, display, errno));
        }
    }

    /// <inheritdoc/>
    protected override bool Enough => _findings.Count >= Most;

    private void Add(TreeFinding finding) => _findings.Add(finding);
}
