using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Trees;

/// <summary>Gives a tree back to the caller: owners and groups that are subordinate IDs become the caller's own.</summary>
/// <remarks>Modes stay, but the kernel takes set-ID bits and file capabilities from what changes its owner (chown(2)). Own files with
/// a group of somebody else keep it.</remarks>
public sealed class TreeReturn : TreeWalk
{
    private readonly TreeIds _ids;
    private readonly List<TreeFinding> _findings = [];
    private long _seen;
    private long _changed;

    private TreeReturn(TreeIds ids, bool crossMounts) : base(crossMounts) => _ids = ids;

    /// <summary>Gives a tree back.</summary>
    /// <param name="parent">A directory above it.</param>
    /// <param name="path">Its path below that.</param>
    /// <param name="ids">Which IDs are the caller's.</param>
    /// <param name="crossMounts">Whether what is mounted in the tree belongs to it.</param>
    /// <returns>How many files there are, how many changed, and what could not be changed.</returns>
    public static (long Seen, long Changed, IReadOnlyList<TreeFinding> Findings) GiveBack(SafeFd parent, string path, TreeIds ids, bool crossMounts)
    {
        TreeReturn giving = new(ids, crossMounts);
        giving.Walk(parent, Encoding.UTF8.GetBytes(path + '\0'), path);
        return (giving._seen, giving._changed, giving._findings);
    }

    /// <inheritdoc/>
    protected override void Visit(SafeFd file, in FileStat stat, string display)
    {
        _seen++;
        uint uid = TreeIds.IsSubordinate(_ids.Uids, stat.uid) ? _ids.Uid : stat.uid;
        uint gid = TreeIds.IsSubordinate(_ids.Gids, stat.gid) ? _ids.Gid : stat.gid;
        if (uid == stat.uid && gid == stat.gid)
        {
            return;
        }

        // By the descriptor: what its name stands for may change meanwhile.
        const uint Keep = uint.MaxValue;
        SysResult changed = Sys.Fchownat(file, "\0"u8, uid == stat.uid ? Keep : uid, gid == stat.gid ? Keep : gid);
        if (changed.Ok)
        {
            _changed++;
        }
        else
        {
            Failed(display, changed.Errno);
        }
    }

    /// <inheritdoc/>
    protected override void MountPoint(string display)
    {
    }

    /// <inheritdoc/>
    protected override void Failed(string display, Errno errno) => _findings.Add(new TreeFinding(TreeFindingKind.Failed, display, errno));
}
