using System.Collections.Immutable;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Accounts;

/// <summary>The subordinate IDs of one user, as IDs of csrun's own namespace.</summary>
/// <param name="Uids">The user IDs: disjoint, in the order of their source.</param>
/// <param name="Gids">The group IDs: disjoint, in the order of their source.</param>
/// <param name="Source">Where they come from: <c>files</c>, or another source of the subid line of nsswitch.conf(5).</param>
/// <param name="Unavailable">Why that source could not be asked, so that getsubids(1) may be tried; null when it answered.</param>
public sealed record SubIds(ImmutableArray<IdRange> Uids, ImmutableArray<IdRange> Gids, string Source = "files", string? Unavailable = null)
{
    /// <summary>A user without any.</summary>
    public static SubIds None { get; } = new([], []);

    /// <summary>Looks a user's ranges up: in the files directly, or through libsubid where nsswitch.conf names another source.</summary>
    /// <param name="uid">The user ID.</param>
    /// <param name="name">The user's name; null where it has none, then only lines by number count.</param>
    /// <param name="etc">The directory of the files.</param>
    /// <exception cref="CsrunException">A file exists and cannot be read.</exception>
    public static SubIds Read(uint uid, string? name, string etc = "/etc")
    {
        string source = NameServiceSwitch.SubIdSource(AccountFile.Read($"{etc}/nsswitch.conf"));
        if (source == "files")
        {
            return new SubIds(
                SubIdFile.RangesOf(AccountFile.Read($"{etc}/subuid"), name, uid, $"{etc}/subuid"),
                SubIdFile.RangesOf(AccountFile.Read($"{etc}/subgid"), name, uid, $"{etc}/subgid"));
        }

        string owner = name ?? uid.ToString();
        return LibSubId.TryGetRanges(owner, out ImmutableArray<IdRange> uids, out ImmutableArray<IdRange> gids, out string? why)
            ? new SubIds(uids, gids, source)
            : new SubIds([], [], source, why);
    }

    /// <summary>Whether ranges are kept in subuid(5) and subgid(5), so that <see cref="Read"/> asks no library.</summary>
    /// <param name="etc">The directory of the files.</param>
    public static bool AreInFiles(string etc = "/etc") => NameServiceSwitch.SubIdSource(AccountFile.Read($"{etc}/nsswitch.conf")) == "files";

    /// <summary>Reads what getsubids(1) prints: <c>0: alice 100000 65536</c>, a line for each range.</summary>
    /// <param name="output">The output of <c>getsubids USER</c>, or of <c>getsubids -g USER</c>.</param>
    public static ImmutableArray<IdRange> ParseGetSubIds(ReadOnlySpan<byte> output)
    {
        ImmutableArray<IdRange>.Builder ranges = ImmutableArray.CreateBuilder<IdRange>();
        AccountLines lines = new(output, "getsubids");
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Current;
            // From the end: a name may contain blanks.
            int last = line.LastIndexOf((byte)' ');
            int before = last < 0 ? -1 : line[..last].LastIndexOf((byte)' ');
            if (before >= 0
                && IdNumber.TryParse(line[(before + 1)..last], out uint start)
                && IdNumber.TryParseCount(line[(last + 1)..], out uint count)
                && count != 0 && new IdRange(start, count).End <= uint.MaxValue)
            {
                ranges.Add(new IdRange(start, count));
            }
        }

        return ranges.DrainToImmutable().Distinct();
    }
}
