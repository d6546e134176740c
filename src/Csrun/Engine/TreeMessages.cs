using Csrun.Images.Trees;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Engine;

/// <summary>The words for what stands in the way of working on a tree.</summary>
internal sealed class TreeMessages(string verb, bool remove, IReadOnlyList<TreeTarget> targets, TreeRights rights)
{
    private const int Most = 5;
    private const ulong Immutable = 0x10 | 0x20; // STATX_ATTR_IMMUTABLE, STATX_ATTR_APPEND

    /// <summary>A mount point that chown-back does not go into.</summary>
    internal string LeftOut(int tree, TreeFinding finding) =>
        $"what is mounted on \"{Path(tree, finding)}\" was left out\n  why: mounts are not crossed unless --cross-mounts says so";

    /// <summary>Why a tree was not worked on, or not to the end.</summary>
    /// <param name="findings">What was found.</param>
    /// <param name="begun">Whether the work had begun.</param>
    internal CsrunException Refusal(IReadOnlyList<(int Tree, TreeFinding Finding)> findings, bool begun)
    {
        List<string> lines = [];
        string? fix = null;
        foreach ((int tree, TreeFinding finding) in findings.Take(Most))
        {
            (string line, string? remedy) = Describe(tree, finding);
            lines.Add(line);
            fix ??= remedy;
        }

        if (findings.Count > Most)
        {
            lines.Add($"and {findings.Count - Most} more, at least");
        }

        string trees = string.Join(", ", findings.Select(f => f.Tree).Distinct().Select(t => $"\"{targets[t].Typed}\""));
        return new CsrunException(
            begun ? $"{verb}: not all of {trees} could be {(remove ? "removed" : "given back")}" : $"{verb}: nothing was {(remove ? "removed" : "changed")}, because of what is in {trees}",
            string.Join('\n', lines),
            fix);
    }

    private (string Line, string? Fix) Describe(int tree, TreeFinding finding)
    {
        string path = Path(tree, finding);
        bool known = Sys.Statx(null, path, out FileStat stat).Ok;
        switch (finding.Kind)
        {
            case TreeFindingKind.MountPoint:
                return ($"something is mounted on \"{path}\"", $"umount '{path}'");
            case TreeFindingKind.ForeignUser:
                string owner = known ? $"user {stat.uid}{Name(stat.uid)}" : "a user";
                return ($"\"{path}\" belongs to {owner}: neither {rights.Facts.Caller} nor one of {Ranges(rights.Ids.Uids, "user")}  [ID_NOT_OWNED]", Foreign(tree));
            case TreeFindingKind.ForeignGroup:
                return ($"\"{path}\" has group {(known ? stat.gid.ToString() : "of somebody else")}: neither the caller's own nor one of {Ranges(rights.Ids.Gids, "group")}  [ID_NOT_OWNED]", Foreign(tree));
            default:
                string failure = $"\"{path}\": {finding.Errno} ({finding.Errno.Describe()})";
                return known && (stat.attributes & Immutable) != 0 ? ($"{failure}: it is immutable or append-only", $"sudo chattr -ia '{path}'")
                    : finding.Errno == Errno.EROFS ? ($"{failure}: the file system is mounted read-only", $"findmnt -T '{path}'")
                    : (failure, $"namei -l '{path}'");
        }
    }

    private string Foreign(int tree) => remove
        ? $"leave it out; where it is to go, too: sudo csrun rm-tree '{targets[tree].Typed}'"
        : "leave it out: what belongs to others is for them, or for root, to give away";

    private string Path(int tree, TreeFinding finding) => targets[tree].AbovePath switch
    {
        "." => finding.Path,
        "/" => $"/{finding.Path}",
        string above => $"{above}/{finding.Path}",
    };

    private static string Name(uint uid) => HostUser.Find(uid) is { } user ? $" ({user.Name})" : "";

    private static string Ranges(System.Collections.Immutable.ImmutableArray<IdRange> ranges, string kind) =>
        ranges.IsEmpty ? $"its subordinate {kind} IDs (it has none)" : $"its subordinate {kind} IDs {ranges.Describe()}";
}
