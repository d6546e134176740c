namespace Csrun.Images.Tar;

// GNU tar manual, "Storing Sparse Files": the old format of type 'S', and PAX versions 0.0, 0.1 and 1.0.
internal sealed partial class TarReader
{
    private void FillSparse(TarEntry entry, TarType type, in PaxState pax)
    {
        if (type is TarType.GnuSparse)
        {
            ReadOldGnuMap(entry);
        }
        else if (pax.SparseMajor is { } major)
        {
            if (major != 1 || pax.SparseMinor is not 0)
            {
                throw new TarFormatException(
                    $"entry \"{entry.DisplayName}\" is a sparse file of the unknown version {major}.{pax.SparseMinor}",
                    "csrun reads GNU sparse versions 0.0, 0.1 and 1.0",
                    "make the archive without --sparse",
                    entry.Offset);
            }

            entry.Size = pax.SparseSize ?? throw BadMap(entry, "its real size is missing");
            ReadLeadingMap(entry);
        }
        else if (pax.SparseMap is { } map)
        {
            entry.Size = pax.SparseSize ?? throw BadMap(entry, "its real size is missing");
            entry.MutableExtents.AddRange(map);
        }
        else
        {
            return;
        }

        if (entry.Type is not (TarType.Regular or TarType.GnuSparse))
        {
            throw BadMap(entry, "it is no regular file");
        }

        entry.Type = TarType.Regular;
        entry.IsSparse = true;
        CheckMap(entry);
    }

    private void ReadOldGnuMap(TarEntry entry)
    {
        List<SparseExtent> map = entry.MutableExtents;
        ReadSlots(_header.AsSpan(386, 4 * 24), map, entry);
        entry.Size = Number(483, 12, "realsize", entry.Offset);
        bool more = _header[482] != 0;
        while (more)
        {
            ReadOnlySpan<byte> block = _input.Block(_within);
            if (block.IsEmpty)
            {
                throw BadMap(entry, "the archive ends inside its map");
            }

            ReadSlots(block[..(21 * 24)], map, entry);
            more = block[504] != 0;
        }
    }

    private void ReadSlots(ReadOnlySpan<byte> slots, List<SparseExtent> map, TarEntry entry)
    {
        for (int at = 0; at < slots.Length && slots[at] != 0; at += 24)
        {
            if (!TarField.TryNumber(slots.Slice(at, 12), out long start) || !TarField.TryNumber(slots.Slice(at + 12, 12), out long length))
            {
                throw BadMap(entry, "a slot holds no number");
            }

            AddExtent(map, start, length, entry);
        }
    }

    // Version 1.0: the map is text in front of the data, a number a line, filled with zeros up to the block.
    private void ReadLeadingMap(TarEntry entry)
    {
        long count = -1;
        long? start = null;
        long value = 0;
        int digits = 0;
        while (count < 0 || entry.Extents.Count < count)
        {
            if (_stored < TarInput.BlockSize)
            {
                throw BadMap(entry, "it is longer than the stored data");
            }

            ReadOnlySpan<byte> block = _input.Block(_within);
            if (block.IsEmpty)
            {
                throw BadMap(entry, "the archive ends inside it");
            }

            _stored -= TarInput.BlockSize;
            foreach (byte c in block)
            {
                if (c != '\n')
                {
                    value = c is >= (byte)'0' and <= (byte)'9' && ++digits <= 18 ? (value * 10) + (c - '0') : throw BadMap(entry, "it holds something that is no number");
                    continue;
                }

                if (digits == 0)
                {
                    throw BadMap(entry, "it holds an empty line");
                }

                if (count < 0)
                {
                    count = value;
                }
                else if (start is { } from)
                {
                    AddExtent(entry.MutableExtents, from, value, entry);
                    start = null;
                }
                else
                {
                    start = value;
                }

                value = 0;
                digits = 0;
                if (entry.Extents.Count == count)
                {
                    break;
                }
            }
        }
    }

    private List<SparseExtent> ParseMap(ReadOnlySpan<byte> text, TarEntry entry)
    {
        List<SparseExtent> map = [];
        while (!text.IsEmpty)
        {
            long start = Next(ref text);
            AddExtent(map, start, Next(ref text), entry);
        }

        return map;

        long Next(ref ReadOnlySpan<byte> rest)
        {
            int comma = rest.IndexOf((byte)',');
            long value = PaxRecords.Number(comma < 0 ? rest : rest[..comma], "GNU.sparse.map", entry.Offset);
            rest = comma < 0 ? [] : rest[(comma + 1)..];
            return value;
        }
    }

    private void AddExtent(List<SparseExtent> map, long start, long length, TarEntry entry)
    {
        if (map.Count >= _limits.SparseExtents)
        {
            throw BadMap(entry, $"it has more than {_limits.SparseExtents} stretches");
        }

        map.Add(new SparseExtent(start, length));
    }

    private void CheckMap(TarEntry entry)
    {
        long end = 0;
        long data = 0;
        foreach (SparseExtent extent in entry.Extents)
        {
            if (extent.Offset < end || extent.Length < 0 || extent.Length > long.MaxValue - extent.Offset)
            {
                throw BadMap(entry, "its stretches overlap or are out of order");
            }

            end = extent.Offset + extent.Length;
            data += extent.Length;
        }

        if (entry.Size < end)
        {
            throw BadMap(entry, "a stretch lies behind the file's end");
        }

        if (data != _stored)
        {
            throw BadMap(entry, $"it announces {data} bytes of data, the archive stores {_stored}");
        }
    }

    private static TarFormatException BadMap(TarEntry entry, string why) =>
        new($"the sparse map of entry \"{entry.DisplayName}\" is corrupt", why, "make the archive without --sparse", entry.Offset);
}
