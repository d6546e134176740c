namespace Csrun.Images.Tar;

/// <summary>Numbers and strings in the fixed fields of a tar header.</summary>
internal static class TarField
{
    /// <summary>A number: octal digits ended by a space or zero, or GNU's base 256 when the first byte has its high bit set.</summary>
    /// <returns>Whether it is one that fits 64 bits.</returns>
    internal static bool TryNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if ((field[0] & 0x80) != 0)
        {
            return TryBase256(field, out value);
        }

        int i = 0;
        while (i < field.Length && field[i] == ' ')
        {
            i++;
        }

        for (; i < field.Length && field[i] is not ((byte)' ' or 0); i++)
        {
            if (field[i] is < (byte)'0' or > (byte)'7' || value >> 60 != 0)
            {
                return false;
            }

            value = (value << 3) | (uint)(field[i] - '0');
        }

        return true;
    }

    private static bool TryBase256(ReadOnlySpan<byte> field, out long value)
    {
        // The first byte is 0x80 for a positive number and 0xff for a negative one in two's complement.
        bool negative = (field[0] & 0x40) != 0;
        value = negative ? -1 : 0;
        for (int i = 0; i < field.Length; i++)
        {
            int digit = i == 0 ? (negative ? field[0] : field[0] & 0x7f) : field[i];
            long top = value >> 55;
            if (top != 0 && top != -1)
            {
                return false;
            }

            value = (value << 8) | (uint)digit;
        }

        return negative == (value < 0);
    }

    /// <summary>The bytes up to the first zero.</summary>
    internal static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    /// <summary>Whether the header's checksum is right; old tars summed signed bytes.</summary>
    internal static bool ChecksumHolds(ReadOnlySpan<byte> header)
    {
        if (!TryNumber(header.Slice(148, 8), out long stored))
        {
            return false;
        }

        long unsigned = 8 * ' ';
        long signed = unsigned;
        for (int i = 0; i < header.Length; i++)
        {
            if (i is < 148 or >= 156)
            {
                unsigned += header[i];
                signed += (sbyte)header[i];
            }
        }

        return stored == unsigned || stored == signed;
    }
}
