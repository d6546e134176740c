using System.Collections.Immutable;
using System.Text;

namespace Csrun.Linux.Accounts;

/// <summary>A group(5) file: the host's, or an image's, of which nothing is trusted.</summary>
/// <param name="Entries">The groups, in the file's order; the first of several with one name or ID counts.</param>
/// <param name="Broken">The lines that were skipped.</param>
public sealed record GroupFile(ImmutableArray<GroupEntry> Entries, ImmutableArray<BrokenLine> Broken)
{
    /// <summary>Where the file lies.</summary>
    public const string DefaultPath = "/etc/group";

    /// <summary>Reads a whole file; broken lines are skipped and listed.</summary>
    /// <exception cref="CsrunException">The file is larger than 16 MiB.</exception>
    public static GroupFile Parse(ReadOnlySpan<byte> content, string file = DefaultPath)
    {
        ImmutableArray<GroupEntry>.Builder entries = ImmutableArray.CreateBuilder<GroupEntry>();
        List<BrokenLine> broken = [];
        GroupLines lines = new(content, file);
        while (lines.MoveNext(broken))
        {
            entries.Add(lines.Entry);
        }

        return new GroupFile(entries.DrainToImmutable(), [.. broken]);
    }

    /// <summary>The first group with this ID, or null; without reading further.</summary>
    /// <exception cref="CsrunException">The file is larger than 16 MiB.</exception>
    public static GroupEntry? Find(ReadOnlySpan<byte> content, uint gid, string file = DefaultPath)
    {
        GroupLines lines = new(content, file);
        while (lines.MoveNext())
        {
            if (lines.Gid == gid)
            {
                return lines.Entry;
            }
        }

        return null;
    }

    /// <summary>The first group with this name, or null; without reading further.</summary>
    /// <exception cref="CsrunException">The file is larger than 16 MiB.</exception>
    public static GroupEntry? Find(ReadOnlySpan<byte> content, string name, string file = DefaultPath)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        GroupLines lines = new(content, file);
        while (lines.MoveNext())
        {
            if (lines.Name.SequenceEqual(wanted))
            {
                return lines.Entry;
            }
        }

        return null;
    }
}
