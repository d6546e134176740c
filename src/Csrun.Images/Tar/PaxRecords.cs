using System.Text;

namespace Csrun.Images.Tar;

/// <summary>The records of a PAX extended header: <c>"%d %s=%s\n"</c>, length first (POSIX pax, "pax Header Block").</summary>
internal static class PaxRecords
{
    /// <summary>Reads all records; keys are text, values are bytes that may hold zeros and line ends.</summary>
    internal static List<KeyValuePair<string, byte[]>> Parse(ReadOnlySpan<byte> data, long offset)
    {
        List<KeyValuePair<string, byte[]>> records = [];
        // Some writers pad the last record with zeros up to the block.
        while (!data.IsEmpty && data[0] != 0)
        {
            int space = data.IndexOf((byte)' ');
            long length = 0;
            for (int i = 0; i < space; i++)
            {
                int digit = data[i] - '0';
                length = digit is < 0 or > 9 || length > int.MaxValue ? long.MaxValue / 16 : (length * 10) + digit;
            }

            if (space <= 0 || length <= space + 2 || length > data.Length || data[(int)length - 1] != '\n')
            {
                throw Bad(offset, "a record does not have the length it announces");
            }

            ReadOnlySpan<byte> record = data[(space + 1)..((int)length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals <= 0)
            {
                throw Bad(offset, "a record has no keyword");
            }

            records.Add(new(Encoding.UTF8.GetString(record[..equals]), record[(equals + 1)..].ToArray()));
            data = data[(int)length..];
        }

        return records;
    }

    /// <summary>A decimal number that is not negative.</summary>
    internal static long Number(ReadOnlySpan<byte> text, string keyword, long offset)
    {
        long value = 0;
        foreach (byte c in text)
        {
            if (c is < (byte)'0' or > (byte)'9' || value > (long.MaxValue - 9) / 10)
            {
                throw Bad(offset, $"{keyword} is \"{TarEntry.Display(text)}\", not a number that fits 63 bits");
            }

            value = (value * 10) + (c - '0');
        }

        return text.IsEmpty ? throw Bad(offset, $"{keyword} is empty") : value;
    }

    /// <summary>A time: decimal seconds with an optional sign and fraction.</summary>
    internal static (long Seconds, uint Nanoseconds) Time(ReadOnlySpan<byte> text, string keyword, long offset)
    {
        bool negative = !text.IsEmpty && text[0] == '-';
        ReadOnlySpan<byte> rest = negative ? text[1..] : text;
        int dot = rest.IndexOf((byte)'.');
        long seconds = Number(dot < 0 ? rest : rest[..dot], keyword, offset);
        uint nanoseconds = 0;
        if (dot >= 0)
        {
            uint unit = 100_000_000;
            foreach (byte c in rest[(dot + 1)..])
            {
                if (c is < (byte)'0' or > (byte)'9')
                {
                    throw Bad(offset, $"{keyword} is \"{TarEntry.Display(text)}\", not a time");
                }

                nanoseconds += unit * (uint)(c - '0');
                unit /= 10;
            }
        }

        return !negative ? (seconds, nanoseconds)
            : nanoseconds == 0 ? (-seconds, 0)
            : (-seconds - 1, 1_000_000_000 - nanoseconds);
    }

    internal static TarFormatException Bad(long offset, string why) =>
        new($"the PAX header at byte {offset} of the archive is corrupt", why, offset: offset);
}
