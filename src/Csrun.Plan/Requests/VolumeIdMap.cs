using System.Collections.Immutable;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Requests;

/// <summary>The ID map that a volume asks for with <c>idmap[=uids=C-H-N;gids=C-H-N]</c>, podman's and crun's spelling.</summary>
/// <param name="Uids">User IDs; the ID on disk first (containerID of the runtime-spec), the host's ID that it stands for second. Empty: the container's own map.</param>
/// <param name="Gids">Group IDs, likewise.</param>
/// <remarks>Several ranges of one kind are joined with <c>#</c>. mount_setattr(2), "ID-mapped mounts".</remarks>
public sealed record VolumeIdMap(ImmutableArray<IdMapping> Uids, ImmutableArray<IdMapping> Gids)
{
    /// <summary>Whether the volume takes the map of the container's user namespace.</summary>
    public bool IsContainerMap => Uids.IsEmpty && Gids.IsEmpty;

    /// <summary>Reads what follows <c>idmap=</c>; null or nothing means the container's own map.</summary>
    internal static VolumeIdMap Parse(string option, string whole, string? text)
    {
        ImmutableArray<IdMapping> uids = [], gids = [];
        if (text is null)
        {
            return new VolumeIdMap(uids, gids);
        }

        foreach (string part in text.Split(';'))
        {
            (string key, string? ranges) = OptionValue.KeyValue(part);
            if (key is not ("uids" or "gids") || string.IsNullOrEmpty(ranges))
            {
                throw OptionValue.Wrong(option, whole, $"\"{part}\" is no part of an ID map: uids=C-H-N or gids=C-H-N (on disk, on the host, how many)", "write idmap=uids=0-1000-1;gids=0-1000-1, in quotes because of the semicolon");
            }

            ImmutableArray<IdMapping> read = Ranges(option, whole, ranges);
            if (key == "uids" ? !uids.IsEmpty : !gids.IsEmpty)
            {
                throw OptionValue.Wrong(option, whole, $"{key} is given twice", $"join several ranges with #: {key}=0-1000-1#1-100000-10");
            }

            (uids, gids) = key == "uids" ? (read, gids) : (uids, read);
        }

        return new VolumeIdMap(uids, gids);
    }

    private static ImmutableArray<IdMapping> Ranges(string option, string whole, string text)
    {
        ImmutableArray<IdMapping>.Builder found = ImmutableArray.CreateBuilder<IdMapping>();
        foreach (string range in text.Split('#'))
        {
            if (range.StartsWith('@'))
            {
                throw OptionValue.Later(option, whole, $"\"{range}\" counts the second number in the container; so far it is the host's ID", "write the range without @ and with the host's ID in the middle");
            }

            string[] numbers = range.Split('-');
            if (numbers.Length != 3
                || !OptionValue.TryUnsigned(numbers[0], out ulong container)
                || !OptionValue.TryUnsigned(numbers[1], out ulong host)
                || !OptionValue.TryUnsigned(numbers[2], out ulong size))
            {
                throw OptionValue.Wrong(option, whole, $"\"{range}\" is no range: three numbers C-H-N (on disk, on the host, how many)", "write for example uids=0-1000-1");
            }

            // 4294967295 is (uid_t)-1, which means "no ID" to the kernel, so a range ends at 4294967294.
            if (size == 0 || size > uint.MaxValue || container > uint.MaxValue - size || host > uint.MaxValue - size)
            {
                throw OptionValue.Wrong(option, whole, $"the range \"{range}\" {(size == 0 ? "is empty" : "goes past 4294967294, the largest ID")}");
            }

            found.Add(new IdMapping((uint)container, (uint)host, (uint)size));
        }

        return found.ToImmutable();
    }
}
