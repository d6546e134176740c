using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Csrun.Images.Tests.Harness;

/// <summary>Writes tar archives byte by byte, honest or not: nothing is checked.</summary>
internal sealed class TarBuilder
{
    private readonly List<byte> _out = [];

    internal static readonly uint Me = (uint)(Environment.IsPrivilegedProcess ? 0 : OwnId("-u"));
    internal static readonly uint MyGroup = (uint)(Environment.IsPrivilegedProcess ? 0 : OwnId("-g"));

    internal TarBuilder File(string name, string content = "", uint mode = 0b110_100_100) => Add('0', name, Encoding.UTF8.GetBytes(content), mode: mode);

    internal TarBuilder Directory(string name, uint mode = 0b111_101_101) => Add('5', name, mode: mode);

    internal TarBuilder Symlink(string name, string target) => Add('2', name, link: target);

    internal TarBuilder HardLink(string name, string target) => Add('1', name, link: target);

    internal TarBuilder Pax(char type, params (string Key, byte[] Value)[] records)
    {
        MemoryStream payload = new();
        foreach ((string key, byte[] value) in records)
        {
            byte[] tail = [(byte)' ', .. Encoding.UTF8.GetBytes(key), (byte)'=', .. value, (byte)'\n'];
            int length = tail.Length + 1;
            while (length.ToString(CultureInfo.InvariantCulture).Length + tail.Length != length)
            {
                length++;
            }

            payload.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
            payload.Write(tail);
        }

        return Add(type, "PaxHeaders/x", payload.ToArray());
    }

    internal TarBuilder Pax(string key, string value) => Pax('x', (key, Encoding.UTF8.GetBytes(value)));

    internal TarBuilder Add(
        char type,
        string name,
        byte[]? content = null,
        string link = "",
        uint mode = 0b110_100_100,
        uint? uid = null,
        uint? gid = null,
        long? size = null,
        long mtime = 1_000_000_000,
        uint major = 0,
        uint minor = 0,
        byte[]? rawName = null,
        Action<byte[]>? change = null)
    {
        byte[] header = new byte[512];
        (rawName ?? Encoding.UTF8.GetBytes(name)).AsSpan().CopyTo(header);
        Octal(header, 100, 8, mode);
        Octal(header, 108, 8, uid ?? Me);
        Octal(header, 116, 8, gid ?? MyGroup);
        Octal(header, 124, 12, size ?? content?.Length ?? 0);
        Octal(header, 136, 12, mtime);
        header[156] = (byte)type;
        Encoding.UTF8.GetBytes(link).CopyTo(header, 157);
        "ustar\0"u8.CopyTo(header.AsSpan(257));
        "00"u8.CopyTo(header.AsSpan(263));
        Octal(header, 329, 8, major);
        Octal(header, 337, 8, minor);
        change?.Invoke(header);
        Checksum(header);
        _out.AddRange(header);
        if (content is not null)
        {
            Raw(content);
        }

        return this;
    }

    /// <summary>Bytes as they are, filled up to a block.</summary>
    internal TarBuilder Raw(byte[] bytes)
    {
        _out.AddRange(bytes);
        _out.AddRange(new byte[-bytes.Length & 511]);
        return this;
    }

    /// <summary>The archive with its end marker.</summary>
    internal byte[] End() => [.. _out, .. new byte[1024]];

    /// <summary>The archive without its end marker.</summary>
    internal byte[] Cut() => [.. _out];

    internal static byte[] Gzip(byte[] data)
    {
        MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(data);
        }

        return compressed.ToArray();
    }

    internal static void Octal(byte[] header, int at, int length, long value) =>
        Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(length - 1, '0')).CopyTo(header, at);

    private static void Checksum(byte[] header)
    {
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(static b => b), 8).PadLeft(6, '0')).CopyTo(header, 148);
        header[154] = 0;
    }

    private static long OwnId(string flag) => long.Parse(Tool.Run("id", flag).Output, CultureInfo.InvariantCulture);
}
