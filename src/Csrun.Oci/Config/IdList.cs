using System.Globalization;

namespace Csrun.Oci;

/// <summary>A list of processors or memory nodes as the runtime-spec writes it: numbers and ranges, <c>0-3,7</c>.</summary>
public static class IdList
{
    /// <summary>Whether it is one, of at least one number; numbers are below 65536, more than any kernel has processors or nodes.</summary>
    public static bool IsValid(string list) => Ranges(list) is not null;

    /// <summary>The numbers in order, each once; empty for an empty or missing list.</summary>
    /// <param name="list">A valid list.</param>
    public static IEnumerable<int> Numbers(string? list)
    {
        byte[] mask = Mask(list);
        for (int i = 0; i < mask.Length * 8; i++)
        {
            if ((mask[i / 8] >> (i % 8) & 1) != 0)
            {
                yield return i;
            }
        }
    }

    /// <summary>The numbers as a bit mask in whole 64-bit words, as sched_setaffinity(2) and set_mempolicy(2) take it; empty for an empty or missing list.</summary>
    /// <remarks>Bit N of a little-endian word is bit N mod 8 of byte N / 8, and csrun runs on little-endian machines only.</remarks>
    /// <param name="list">A valid list.</param>
    public static byte[] Mask(string? list)
    {
        if (string.IsNullOrEmpty(list) || Ranges(list) is not { } ranges)
        {
            return [];
        }

        int last = 0;
        foreach ((_, ushort high) in ranges)
        {
            last = Math.Max(last, high);
        }

        byte[] mask = new byte[((last / 64) + 1) * 8];
        foreach ((ushort low, ushort high) in ranges)
        {
            for (int i = low; i <= high; i++)
            {
                mask[i / 8] |= (byte)(1 << (i % 8));
            }
        }

        return mask;
    }

    private static List<(ushort Low, ushort High)>? Ranges(string list)
    {
        List<(ushort, ushort)> ranges = [];
        foreach (Range range in list.AsSpan().Split(','))
        {
            ReadOnlySpan<char> item = list.AsSpan()[range].Trim();
            int dash = item.IndexOf('-');
            ReadOnlySpan<char> low = dash < 0 ? item : item[..dash];
            ReadOnlySpan<char> high = dash < 0 ? item : item[(dash + 1)..];
            if (!ushort.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out ushort first)
                || !ushort.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out ushort last) || first > last)
            {
                return null;
            }

            ranges.Add((first, last));
        }

        return ranges;
    }
}
