namespace Csrun.Images.Tar;

/// <summary>Reads a tar archive member by member: v7, ustar, PAX and GNU, sparse files in all their forms.</summary>
/// <remarks>Not System.Formats.Tar: that decodes names and attribute values as UTF-8 (so a name in Latin-1 or a
/// security.capability comes out changed) and hands out the condensed bytes of sparse files as if they were the
/// file (docs/adr/0010-tar-reader.md).</remarks>
internal sealed partial class TarReader : IDisposable
{
    private readonly TarInput _input;
    private readonly TarLimits _limits;
    private readonly bool _requireEnd;
    private readonly byte[] _header = new byte[TarInput.BlockSize];
    private readonly List<KeyValuePair<string, byte[]>> _global = [];
    private long _stored;
    private long _padding;
    private string _within = "its first header";
    private int _entries;
    private bool _ended;

    /// <param name="input">The decompressed archive.</param>
    /// <param name="limits">What is too much.</param>
    /// <param name="requireEnd">Whether an archive without its end marker (a block of zeros) is taken as cut.</param>
    internal TarReader(TarInput input, TarLimits limits, bool requireEnd)
    {
        _input = input;
        _limits = limits;
        _requireEnd = requireEnd;
    }

    /// <summary>How many headers of any kind were read.</summary>
    internal int Entries => _entries;

    /// <summary>Goes to the next member.</summary>
    /// <returns>False at the archive's end; the input is then read to its own end.</returns>
    /// <exception cref="TarFormatException">The archive is corrupt, cut or too large.</exception>
    internal bool Next(TarEntry entry)
    {
        if (_ended)
        {
            return false;
        }

        SkipData();
        byte[]? longName = null;
        byte[]? longLink = null;
        List<KeyValuePair<string, byte[]>>? local = null;
        while (true)
        {
            long offset = _input.Offset;
            if (!ReadHeader(offset, pending: longName is not null || longLink is not null || local is not null))
            {
                _ended = true;
                _input.Drain();
                return false;
            }

            TarType type = (TarType)_header[156];
            switch (type)
            {
                case TarType.PaxExtended:
                    local = PaxRecords.Parse(Payload(offset, "a PAX header"), offset);
                    break;
                case TarType.PaxGlobal:
                    MergeGlobal(PaxRecords.Parse(Payload(offset, "a global PAX header"), offset));
                    break;
                case TarType.GnuLongName:
                    longName = TarField.Text(Payload(offset, "a long name")).ToArray();
                    break;
                case TarType.GnuLongLink:
                    longLink = TarField.Text(Payload(offset, "a long link name")).ToArray();
                    break;
                case TarType.GnuVolumeHeader:
                    break;
                default:
                    Fill(entry, type, offset, longName, longLink, local);
                    return true;
            }
        }
    }

    /// <summary>The next bytes that the archive stores of the current member, valid until the next call; empty at their end.</summary>
    internal ReadOnlySpan<byte> Data()
    {
        if (_stored == 0)
        {
            return [];
        }

        ReadOnlySpan<byte> some = _input.Some(_stored, _within);
        _stored -= some.Length;
        return some;
    }

    /// <summary>As <see cref="Data()"/>, at most <paramref name="most"/> bytes: for one stretch of a sparse file.</summary>
    internal ReadOnlySpan<byte> Data(long most)
    {
        ReadOnlySpan<byte> some = _input.Some(Math.Min(most, _stored), _within);
        _stored -= some.Length;
        return some;
    }

    public void Dispose() => _input.Dispose();

    private void SkipData()
    {
        _input.Skip(_stored + _padding, _within);
        _stored = _padding = 0;
    }

    private bool ReadHeader(long offset, bool pending)
    {
        ReadOnlySpan<byte> block = _input.Block(_entries == 0 ? "its first header" : $"the header at byte {offset}");
        if (block.IsEmpty)
        {
            if (pending || _requireEnd || _entries == 0)
            {
                throw new TarFormatException(
                    _entries == 0 ? "the archive is empty" : "the archive is cut: its end marker is missing",
                    _entries == 0 ? "it has no byte of content" : $"after {_entries} headers it ends without the block of zeros that closes a tar archive",
                    "get the file again and compare its sha256 with the publisher's",
                    offset);
            }

            return false;
        }

        if (!block.ContainsAnyExcept((byte)0))
        {
            return pending
                ? throw new TarFormatException("the archive is corrupt: a PAX or long-name header is followed by no member", offset: offset)
                : false;
        }

        if (!TarField.ChecksumHolds(block))
        {
            throw new TarFormatException(
                _entries == 0 ? "this is not a tar archive" : $"the archive is corrupt at byte {offset}",
                _entries == 0 ? "its first 512 bytes are no tar header" : "the checksum of the header there does not hold",
                _entries == 0 ? "name an archive of a root file system, as tar -C ROOTFS -czf NAME-1.0.tar.gz . makes it" : "get the file again and compare its sha256 with the publisher's",
                offset);
        }

        if (++_entries > _limits.Entries)
        {
            throw new TarFormatException($"the archive has more than {_limits.Entries} entries", "the limit keeps a small file from filling the disk with inodes", offset: offset);
        }

        block.CopyTo(_header);
        return true;
    }

    private long Number(int start, int length, string field, long offset) =>
        TarField.TryNumber(_header.AsSpan(start, length), out long value)
            ? value
            : throw new TarFormatException($"the archive is corrupt at byte {offset}", $"the field {field} of the header there holds no number", offset: offset);

    private byte[] Payload(long offset, string what)
    {
        long size = Number(124, 12, "size", offset);
        if (size < 0 || size > _limits.PaxBytes)
        {
            throw new TarFormatException($"{what} at byte {offset} of the archive announces {size} bytes", $"the limit is {_limits.PaxBytes}", offset: offset);
        }

        byte[] payload = _input.Exactly((int)size, what);
        _input.Skip(Padding(size), what);
        return payload;
    }

    private static long Padding(long size) => -size & (TarInput.BlockSize - 1);

    private void MergeGlobal(List<KeyValuePair<string, byte[]>> records)
    {
        foreach (KeyValuePair<string, byte[]> record in records)
        {
            _global.RemoveAll(known => known.Key == record.Key);
            // An empty value takes the keyword back.
            if (record.Value.Length > 0)
            {
                _global.Add(record);
            }
        }

        // Each header has its own limit; what they leave behind together has the same.
        long kept = 0;
        foreach (KeyValuePair<string, byte[]> record in _global)
        {
            kept += record.Key.Length + record.Value.Length;
        }

        if (kept > _limits.PaxBytes)
        {
            throw new TarFormatException($"the archive's global PAX headers set more than {_limits.PaxBytes} bytes", "each of them would have to be kept for every entry");
        }
    }

    private void Fill(TarEntry entry, TarType type, long offset, byte[]? longName, byte[]? longLink, List<KeyValuePair<string, byte[]>>? local)
    {
        entry.Reset(offset);
        entry.Name = longName ?? HeaderName();
        entry.LinkName = longLink ?? TarField.Text(_header.AsSpan(157, 100)).ToArray();
        entry.Mode = (uint)(Number(100, 8, "mode", offset) & 0xfff);
        long uid = Number(108, 8, "uid", offset);
        long gid = Number(116, 8, "gid", offset);
        _stored = Number(124, 12, "size", offset);
        entry.MtimeSeconds = Number(136, 12, "mtime", offset);
        PaxState pax = new() { Uid = uid, Gid = gid };
        Apply(entry, _global, ref pax, offset);
        if (local is not null)
        {
            Apply(entry, local, ref pax, offset);
        }

        // The path beside it is made up ("GNUSparseFile.123/x"), for readers that do not know sparse files.
        entry.Name = pax.SparseName ?? entry.Name;
        entry.Uid = Id(pax.Uid, "uid", entry);
        entry.Gid = Id(pax.Gid, "gid", entry);
        entry.Type = Kind(type, entry);
        _within = $"\"{entry.DisplayName}\"";
        if (_stored < 0)
        {
            throw new TarFormatException($"entry {_within} has a negative size", offset: offset);
        }

        if (entry.Type is TarType.CharacterDevice or TarType.BlockDevice)
        {
            entry.DevMajor = Device(Number(329, 8, "devmajor", offset), 0xfff, entry);
            entry.DevMinor = Device(Number(337, 8, "devminor", offset), 0xfffff, entry);
        }

        // Links, devices, fifos and directories have no content, whatever the size field says (POSIX pax).
        if (entry.Type is not (TarType.Regular or TarType.GnuSparse or TarType.GnuDumpDirectory))
        {
            _stored = 0;
        }

        // What is stored ends on a block boundary; a sparse map in front of the data counts.
        _padding = Padding(_stored);
        entry.Size = _stored;
        FillSparse(entry, type, pax);
    }

    private static TarType Kind(TarType type, TarEntry entry)
    {
        switch (type)
        {
            // Before ustar a directory was a regular file whose name ends with a slash.
            case TarType.OldRegular or TarType.Regular or TarType.Contiguous when entry.Name is [.., (byte)'/']:
                return TarType.Directory;
            case TarType.OldRegular or TarType.Contiguous:
                return TarType.Regular;
            case TarType.Regular or TarType.HardLink or TarType.SymbolicLink or TarType.CharacterDevice or TarType.BlockDevice
                or TarType.Directory or TarType.Fifo or TarType.GnuSparse or TarType.GnuDumpDirectory:
                return type;
            default:
                string flag = type is TarType.GnuMultiVolume ? "continues a file of another volume" : "is of no known kind";
                throw new TarFormatException(
                    $"entry \"{entry.DisplayName}\" cannot be unpacked",
                    $"its type flag '{TarEntry.Display([(byte)type])}' {flag}",
                    "make the archive with tar --format=pax",
                    entry.Offset);
        }
    }

    // POSIX splits a long name into prefix and name; GNU and v7 headers have other things in that place, star only 131 bytes of it.
    private byte[] HeaderName()
    {
        ReadOnlySpan<byte> name = TarField.Text(_header.AsSpan(0, 100));
        if (!_header.AsSpan(257, 6).SequenceEqual("ustar\0"u8))
        {
            return name.ToArray();
        }

        ReadOnlySpan<byte> prefix = TarField.Text(_header.AsSpan(345, _header.AsSpan(508, 4).SequenceEqual("tar\0"u8) ? 131 : 155));
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    private static uint Id(long value, string field, TarEntry entry) =>
        // (uint)-1 means "leave it alone" to chown(2): such an owner would silently stay the unpacker's.
        value is >= 0 and < uint.MaxValue
            ? (uint)value
            : throw new TarFormatException($"entry \"{entry.DisplayName}\" has {field} {value}", "IDs go from 0 to 4294967294", offset: entry.Offset);

    private static uint Device(long value, uint most, TarEntry entry) =>
        value >= 0 && value <= most
            ? (uint)value
            : throw new TarFormatException($"entry \"{entry.DisplayName}\" has device number {value}", "Linux has 12 bits of major and 20 of minor", offset: entry.Offset);
}
