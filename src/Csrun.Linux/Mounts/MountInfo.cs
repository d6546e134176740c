using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Csrun.Linux.Mounts;

/// <summary>/proc/PID/mountinfo: the mounts that a process can see, the later of two at one place on top.</summary>
/// <param name="Entries">The lines in their order.</param>
/// <remarks>proc(5).</remarks>
public sealed record MountInfo(ImmutableArray<MountEntry> Entries)
{
    /// <summary>Reads the file's text; a line that is none is left out, as the kernel writes no such line.</summary>
    public static MountInfo Parse(ReadOnlySpan<char> text)
    {
        ImmutableArray<MountEntry>.Builder entries = ImmutableArray.CreateBuilder<MountEntry>();
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (ParseLine(line) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return new MountInfo(entries.DrainToImmutable());
    }

    /// <summary>The mount with this ID, or null.</summary>
    public MountEntry? Find(ulong id)
    {
        foreach (MountEntry entry in Entries)
        {
            if ((ulong)entry.Id == id)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>The mounts attached below a mount, at any depth, at or below a path: what a recursive copy from there takes along.</summary>
    /// <param name="top">The mount.</param>
    /// <param name="path">The path in it, as mountinfo names it.</param>
    public IEnumerable<MountEntry> Below(MountEntry top, string path)
    {
        HashSet<int> inside = [top.Id];
        string prefix = path.EndsWith('/') ? path : path + "/";
        // A mount's line may stand before its parent's after move_mount(2), so until nothing is found any more.
        List<MountEntry> left = [.. Entries];
        for (bool found = true; found;)
        {
            found = false;
            for (int i = 0; i < left.Count; i++)
            {
                MountEntry entry = left[i];
                if (entry.Id != top.Id && inside.Contains(entry.ParentId)
                    && (entry.ParentId != top.Id || entry.MountPoint == path || entry.MountPoint.StartsWith(prefix, StringComparison.Ordinal)))
                {
                    inside.Add(entry.Id);
                    left.RemoveAt(i--);
                    found = true;
                    yield return entry;
                }
            }
        }
    }

    private static MountEntry? ParseLine(ReadOnlySpan<char> line)
    {
        // ID PARENT MAJOR:MINOR ROOT MOUNTPOINT OPTIONS [TAG[:VALUE]]... - TYPE SOURCE SUPEROPTIONS
        int separator = line.IndexOf(" - ");
        if (separator < 0)
        {
            return null;
        }

        Span<Range> fields = stackalloc Range[7];
        ReadOnlySpan<char> left = line[..separator], right = line[(separator + 3)..];
        int count = left.Split(fields, ' ');
        if (count < 6
            || !int.TryParse(left[fields[0]], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            || !int.TryParse(left[fields[1]], NumberStyles.None, CultureInfo.InvariantCulture, out int parent))
        {
            return null;
        }

        Span<Range> rest = stackalloc Range[3];
        int of = right.Split(rest, ' ');
        return of < 2
            ? null
            : new MountEntry
            {
                Id = id,
                ParentId = parent,
                Device = left[fields[2]].ToString(),
                Root = Unescape(left[fields[3]]),
                MountPoint = Unescape(left[fields[4]]),
                Options = left[fields[5]].ToString(),
                Propagation = count > 6 ? left[fields[6]].ToString() : "",
                Type = Unescape(right[rest[0]]),
                Source = Unescape(right[rest[1]]),
                SuperOptions = of > 2 ? right[rest[2]].ToString() : "",
            };
    }

    // The kernel writes blank, tab, newline and backslash of a name as three octal digits, byte by byte.
    private static string Unescape(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\'))
        {
            return text.ToString();
        }

        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && IsOctal(text[i + 1]) && IsOctal(text[i + 2]) && IsOctal(text[i + 3]))
            {
                plain.Append((char)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    private static bool IsOctal(char c) => c is >= '0' and <= '7';
}
