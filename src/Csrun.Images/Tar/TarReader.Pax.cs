using System.Text;

namespace Csrun.Images.Tar;

internal sealed partial class TarReader
{
    private const string XattrPrefix = "SCHILY.xattr.";

    // What PAX records say that is not a property of the entry by itself.
    private struct PaxState
    {
        public long Uid;
        public long Gid;
        public long? SparseSize;
        public long? SparseMajor;
        public long? SparseMinor;
        public List<SparseExtent>? SparseMap;
        public long? PendingOffset;
        public byte[]? SparseName;
    }

    private void Apply(TarEntry entry, List<KeyValuePair<string, byte[]>> records, ref PaxState pax, long offset)
    {
        foreach ((string key, byte[] value) in records)
        {
            // An empty value means: as the header has it.
            if (value.Length == 0 && key is "path" or "linkpath" or "uid" or "gid" or "mtime" or "size")
            {
                continue;
            }

            switch (key)
            {
                case "path":
                    entry.Name = value;
                    break;
                case "linkpath":
                    entry.LinkName = value;
                    break;
                case "size":
                    _stored = PaxRecords.Number(value, key, offset);
                    break;
                case "uid":
                    pax.Uid = PaxRecords.Number(value, key, offset);
                    break;
                case "gid":
                    pax.Gid = PaxRecords.Number(value, key, offset);
                    break;
                case "mtime":
                    (entry.MtimeSeconds, entry.MtimeNanoseconds) = PaxRecords.Time(value, key, offset);
                    break;
                default:
                    ApplyOther(entry, key, value, ref pax, offset);
                    break;
            }
        }
    }

    private void ApplyOther(TarEntry entry, string key, byte[] value, ref PaxState pax, long offset)
    {
        if (key.StartsWith(XattrPrefix, StringComparison.Ordinal))
        {
            string name = key[XattrPrefix.Length..];
            entry.MutableXattrs.RemoveAll(known => known.Name == name);
            entry.MutableXattrs.Add(new TarXattr(name, value));
        }
        else if (key.StartsWith("GNU.sparse.", StringComparison.Ordinal))
        {
            ApplySparse(entry, key["GNU.sparse.".Length..], value, ref pax, offset);
        }
        else if (key.StartsWith("SCHILY.acl.", StringComparison.Ordinal))
        {
            entry.IgnoredAcls++;
        }
        else if (key is "SCHILY.realsize" or "SUN.holesdata")
        {
            throw new TarFormatException(
                $"entry \"{entry.DisplayName}\" is a sparse file in a form csrun does not read",
                $"its PAX header has {key}",
                "make the archive with GNU tar, or without --sparse",
                offset);
        }
    }

    private void ApplySparse(TarEntry entry, string key, byte[] value, ref PaxState pax, long offset)
    {
        switch (key)
        {
            case "name":
                pax.SparseName = value;
                break;
            case "size" or "realsize":
                pax.SparseSize = PaxRecords.Number(value, key, offset);
                break;
            case "major":
                pax.SparseMajor = PaxRecords.Number(value, key, offset);
                break;
            case "minor":
                pax.SparseMinor = PaxRecords.Number(value, key, offset);
                break;
            case "offset":
                pax.PendingOffset = PaxRecords.Number(value, key, offset);
                break;
            case "numbytes" when pax.PendingOffset is { } start:
                AddExtent(pax.SparseMap ??= [], start, PaxRecords.Number(value, key, offset), entry);
                pax.PendingOffset = null;
                break;
            case "map":
                pax.SparseMap = ParseMap(value, entry);
                break;
            case "numblocks":
                // Version 0.0 may have no stretch at all: a file of holes only.
                pax.SparseMap ??= [];
                break;
            default:
                throw new TarFormatException($"entry \"{entry.DisplayName}\" is a sparse file with the unknown keyword GNU.sparse.{Text(value, key)}", offset: offset);
        }

        static string Text(byte[] value, string key) => $"{key}={Encoding.UTF8.GetString(value.AsSpan(0, Math.Min(40, value.Length)))}";
    }
}
