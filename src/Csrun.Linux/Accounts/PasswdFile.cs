using System.Collections.Immutable;
using System.Text;

namespace Csrun.Linux.Accounts;

/// <summary>A passwd(5) file: the host's, or an image's, of which nothing is trusted.</summary>
/// <param name="Entries">The users, in the file's order; the first of several with one name or ID counts.</param>
/// <param name="Broken">The lines that were skipped.</param>
public sealed record PasswdFile(ImmutableArray<PasswdEntry> Entries, ImmutableArray<BrokenLine> Broken)
{
    /// <summary>Where the file lies.</summary>
    public const string DefaultPath = "/etc/passwd";

    /// <summary>Reads a whole file; broken lines are skipped and listed.</summary>
    /// <exception cref="CsrunException">The file is larger than 16 MiB.</exception>
    public static PasswdFile Parse(ReadOnlySpan<byte> content, string file = DefaultPath)
    {
        ImmutableArray<PasswdEntry>.Builder entries = ImmutableArray.CreateBuilder<PasswdEntry>();
        List<BrokenLine> broken = [];
        PasswdLines lines = new(content, file);
        while (lines.MoveNext(broken))
        {
            entries.Add(lines.Entry);
        }

        return new PasswdFile(entries.DrainToImmutable(), [.. broken]);
    }

    /// <summary>The first user with this ID, or null; without reading further.</summary>
    /// <exception cref="CsrunException">The file is larger than 16 MiB.</exception>
    public static PasswdEntry? Find(ReadOnlySpan<byte> content, uint uid, string file = DefaultPath)
    {
        PasswdLines lines = new(content, file);
        while (lines.MoveNext())
        {
            if (lines.Uid == uid)
            {
                return lines.Entry;
            }
        }

        return null;
    }

    /// <summary>The first user with this name, or null; without reading further.</summary>
    /// <exception cref="CsrunException">The file is larger than 16 MiB.</exception>
    public static PasswdEntry? Find(ReadOnlySpan<byte> content, string name, string file = DefaultPath)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        PasswdLines lines = new(content, file);
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
