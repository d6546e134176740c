using System.Collections.Immutable;
using System.Globalization;
using Csrun.Linux.IdMaps;

namespace Csrun.Images.Trees;

/// <summary>Which IDs are the caller's, as the process that works on a tree sees them.</summary>
/// <param name="Uid">The caller's user ID.</param>
/// <param name="Gid">The caller's group ID.</param>
/// <param name="Uids">The caller's subordinate user IDs.</param>
/// <param name="Gids">The caller's subordinate group IDs.</param>
/// <param name="All">Whether everybody's files may be removed: the caller is root.</param>
public sealed record TreeIds(uint Uid, uint Gid, ImmutableArray<IdRange> Uids, ImmutableArray<IdRange> Gids, bool All)
{
    /// <summary>Whether a user ID is the caller's own or one of its subordinate ones.</summary>
    public bool OwnsUser(uint uid) => uid == Uid || IsSubordinate(Uids, uid);

    /// <summary>Whether a group ID is the caller's own or one of its subordinate ones.</summary>
    public bool OwnsGroup(uint gid) => gid == Gid || IsSubordinate(Gids, gid);

    /// <summary>Whether an ID lies in one of the ranges.</summary>
    public static bool IsSubordinate(ImmutableArray<IdRange> ranges, uint id)
    {
        foreach (IdRange range in ranges)
        {
            if (range.Contains(id))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One word for a worker's command line; <see cref="Parse"/> reads it.</summary>
    public string ToWord() => $"{Uid}/{Gid}/{Word(Uids)}/{Word(Gids)}/{(All ? 1 : 0)}";

    /// <summary>Reads <see cref="ToWord"/>.</summary>
    public static TreeIds Parse(string word)
    {
        string[] parts = word.Split('/');
        return new TreeIds(Number(parts[0]), Number(parts[1]), Ranges(parts[2]), Ranges(parts[3]), parts[4] == "1");
    }

    private static string Word(ImmutableArray<IdRange> ranges) => string.Join(',', ranges.Select(r => $"{r.Start}+{r.Count}"));

    private static ImmutableArray<IdRange> Ranges(string word) =>
        word.Length == 0 ? [] : [.. word.Split(',').Select(r => r.Split('+')).Select(r => new IdRange(Number(r[0]), Number(r[1])))];

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);
}
