using System.Collections.Immutable;
using System.Text;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Accounts;

/// <summary>/etc/subuid or /etc/subgid: which IDs users may map in user namespaces of their own.</summary>
/// <param name="Entries">The lines, in the file's order.</param>
/// <param name="Broken">The lines that were skipped.</param>
/// <remarks>subuid(5), subgid(5). subgid too is by user, not by group.</remarks>
public sealed record SubIdFile(ImmutableArray<SubIdEntry> Entries, ImmutableArray<BrokenLine> Broken)
{
    /// <summary>Reads a whole file; broken lines are skipped and listed.</summary>
    /// <exception cref="CsrunException">The file is larger than 16 MiB.</exception>
    public static SubIdFile Parse(ReadOnlySpan<byte> content, string file)
    {
        ImmutableArray<SubIdEntry>.Builder entries = ImmutableArray.CreateBuilder<SubIdEntry>();
        List<BrokenLine> broken = [];
        SubIdLines lines = new(content, file);
        while (lines.MoveNext(broken))
        {
            entries.Add(lines.Entry);
        }

        return new SubIdFile(entries.DrainToImmutable(), [.. broken]);
    }

    /// <summary>One user's ranges, from lines by name and by number alike, in the file's order; without copying the others.</summary>
    /// <param name="content">The file.</param>
    /// <param name="name">The user's name, or null where it has none.</param>
    /// <param name="uid">The user's ID.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="CsrunException">The file is larger than 16 MiB.</exception>
    public static ImmutableArray<IdRange> RangesOf(ReadOnlySpan<byte> content, string? name, uint uid, string file)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name ?? "");
        ImmutableArray<IdRange>.Builder ranges = ImmutableArray.CreateBuilder<IdRange>();
        SubIdLines lines = new(content, file);
        while (lines.MoveNext())
        {
            if (lines.IsOf(nameBytes, uid))
            {
                ranges.Add(lines.Range);
            }
        }

        return ranges.DrainToImmutable().Distinct();
    }

    /// <summary>Everybody else's entries.</summary>
    /// <param name="content">The file.</param>
    /// <param name="name">The name of the user to leave out, or null where it has none.</param>
    /// <param name="uid">The ID of the user to leave out.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="CsrunException">The file is larger than 16 MiB.</exception>
    public static ImmutableArray<SubIdEntry> EntriesOfOthers(ReadOnlySpan<byte> content, string? name, uint uid, string file)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name ?? "");
        ImmutableArray<SubIdEntry>.Builder entries = ImmutableArray.CreateBuilder<SubIdEntry>();
        SubIdLines lines = new(content, file);
        while (lines.MoveNext())
        {
            if (!lines.IsOf(nameBytes, uid))
            {
                entries.Add(lines.Entry);
            }
        }

        return entries.DrainToImmutable();
    }
}
