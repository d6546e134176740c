using System.Collections.Immutable;
using System.Text;

namespace Csrun.Linux.IdMaps;

public sealed partial class IdMap
{
    /// <summary>Reads <c>C:H:N[,C:H:N...]</c>: container ID, host ID, how many.</summary>
    /// <param name="text">The text of an option.</param>
    /// <param name="option">The option, for the message: <c>--uidmap</c>.</param>
    /// <exception cref="CsrunException">An entry is not of that form, or a number has over 32 bits.</exception>
    public static IdMap Parse(string text, string option = "ID map")
    {
        ImmutableArray<IdMapping>.Builder mappings = ImmutableArray.CreateBuilder<IdMapping>();
        Parse(text, option, mappings);
        return new IdMap(mappings.DrainToImmutable());
    }

    /// <summary>Reads an option that was given several times, each a part of one map.</summary>
    /// <exception cref="CsrunException">An entry is not of the form <c>C:H:N</c>, or a number has over 32 bits.</exception>
    public static IdMap Parse(IReadOnlyList<string> texts, string option = "ID map")
    {
        ImmutableArray<IdMapping>.Builder mappings = ImmutableArray.CreateBuilder<IdMapping>();
        foreach (string text in texts)
        {
            Parse(text, option, mappings);
        }

        return new IdMap(mappings.DrainToImmutable());
    }

    /// <summary>Reads /proc/PID/uid_map or gid_map.</summary>
    /// <remarks>The host column is in the reader's own namespace, 4294967295 where that has no such ID (user_namespaces(7)).</remarks>
    /// <exception cref="CsrunException">A line is not three numbers.</exception>
    public static IdMap ParseProcFile(ReadOnlySpan<char> text)
    {
        ImmutableArray<IdMapping>.Builder mappings = ImmutableArray.CreateBuilder<IdMapping>();
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> rest = line.Trim(' ');
            if (rest.IsEmpty)
            {
                continue;
            }

            if (!NextColumn(ref rest, out uint container) || container == uint.MaxValue
                || !NextColumn(ref rest, out uint host)
                || !NextColumn(ref rest, out uint size)
                || !rest.IsEmpty)
            {
                throw new CsrunException($"line {number} of an ID map: \"{line}\" is not three numbers", "proc(5): container ID, host ID, how many");
            }

            mappings.Add(new IdMapping(container, host, size));
        }

        return new IdMap(mappings.DrainToImmutable());
    }

    /// <summary>As the kernel prints it in /proc/PID/uid_map: three right-aligned columns a line.</summary>
    /// <remarks>To be shown, not written: 125 such lines are longer than the page that the kernel takes. See <see cref="ToWriteText"/>.</remarks>
    public string ToProcFile()
    {
        StringBuilder text = new(Mappings.Length * 33);
        foreach (IdMapping m in Mappings)
        {
            text.Append($"{m.ContainerId,10} {m.HostId,10} {m.Size,10}\n");
        }

        return text.ToString();
    }

    /// <summary>The text to write to /proc/PID/uid_map, in one write(2): the shortest form, ASCII.</summary>
    public string ToWriteText()
    {
        StringBuilder text = new();
        foreach (IdMapping m in Mappings)
        {
            text.Append(m.ContainerId).Append(' ').Append(m.HostId).Append(' ').Append(m.Size).Append('\n');
        }

        return text.ToString();
    }

    private static void Parse(string text, string option, ImmutableArray<IdMapping>.Builder mappings)
    {
        ReadOnlySpan<char> all = text;
        foreach (Range range in all.Split(','))
        {
            ReadOnlySpan<char> entry = all[range];
            int first = entry.IndexOf(':');
            int second = first < 0 ? -1 : entry[(first + 1)..].IndexOf(':');
            if (second < 0 || entry[(first + second + 2)..].Contains(':'))
            {
                throw new CsrunException(
                    $"{option}: entry \"{entry}\" is not of the form C:H:N",
                    "a mapping is container ID, host ID and how many IDs, parted by colons",
                    "write for instance 0:100000:65536, several parted by commas");
            }

            mappings.Add(new IdMapping(
                Number(entry[..first], "container ID", entry, option, IdNumber.Max),
                Number(entry.Slice(first + 1, second), "host ID", entry, option, IdNumber.Max),
                Number(entry[(first + second + 2)..], "size", entry, option, uint.MaxValue)));
        }
    }

    private static uint Number(ReadOnlySpan<char> digits, string field, ReadOnlySpan<char> entry, string option, uint max)
    {
        if (IdNumber.TryParseCount(digits, out uint value) && value <= max)
        {
            return value;
        }

        string why = !IdNumber.IsAllDigits(digits) ? "it has to be a decimal number without a sign"
            : max == uint.MaxValue ? "there are no more than 4294967295 IDs"
            : "IDs have 32 bits and end at 4294967294";
        throw new CsrunException($"{option}: entry \"{entry}\": {field} \"{digits}\" is not valid", why);
    }

    private static bool NextColumn(ref ReadOnlySpan<char> rest, out uint value)
    {
        int end = rest.IndexOf(' ');
        ReadOnlySpan<char> column = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[end..].TrimStart(' ');
        return IdNumber.TryParseCount(column, out value);
    }
}
