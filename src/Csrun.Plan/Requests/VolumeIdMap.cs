using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.IdMaps;
using Csrun.Linux.IdMaps.Notations;

namespace Csrun.Plan.Requests;

/// <summary>The ID map that a volume asks for with <c>idmap[=uids=C-H-N;gids=C-H-N]</c>, podman's and crun's spelling.</summary>
/// <param name="Ranges">The ranges: the ID on disk first (containerID of the runtime-spec), what it counts as second. None: the container's own map.</param>
/// <param name="Text">As it was typed, for messages.</param>
/// <remarks>Several ranges of one kind are joined with <c>#</c>; <c>@</c> before a range: the second number is an ID of the container.
/// mount_setattr(2), "ID-mapped mounts".</remarks>
public sealed record VolumeIdMap(VolumeMapNotation Ranges, string Text)
{
    /// <summary>Whether the volume takes the map of the container's user namespace.</summary>
    public bool IsContainerMap => Ranges.Uids.IsEmpty && Ranges.Gids.IsEmpty;

    /// <summary>The ranges of users as they were written.</summary>
    public ImmutableArray<IdMapping> Uids => [.. Ranges.Uids.Select(r => r.Mapping)];

    /// <summary>The ranges of groups as they were written.</summary>
    public ImmutableArray<IdMapping> Gids => [.. Ranges.Gids.Select(r => r.Mapping)];

    /// <summary>The ranges in IDs of the host.</summary>
    /// <param name="container">The container's maps; null: it has no user namespace of its own, and its IDs are the host's.</param>
    /// <exception cref="CsrunException">A range names an ID that the container has not, or the ranges overlap once they are the host's.</exception>
    public IdMapPair OnHost(IdMapPair? container)
    {
        List<string> mistakes = [];
        IdMapPair maps = Ranges.Resolve(container ?? new IdMapPair(IdMap.Identity, IdMap.Identity), mistakes);
        foreach (IdMap map in (ReadOnlySpan<IdMap>)[maps.Uid, maps.Gid])
        {
            mistakes.AddRange(map.IsEmpty || mistakes.Count != 0 ? [] : map.Validate("on-disk", "host"));
        }

        return mistakes.Count == 0
            ? maps
            : throw new CsrunException($"volume option \"idmap={Text}\"", string.Join('\n', mistakes), "csrun run --userns ... alpine cat /proc/self/uid_map shows which IDs the container has");
    }

    /// <summary>Reads what follows <c>idmap=</c>; null means the container's own map.</summary>
    internal static VolumeIdMap Parse(string option, string whole, string? text)
    {
        if (text is null)
        {
            return new VolumeIdMap(new VolumeMapNotation([], []), "");
        }

        List<string> mistakes = [];
        VolumeMapNotation ranges = VolumeMapNotation.Parse(text, mistakes);
        return mistakes.Count == 0
            ? new VolumeIdMap(ranges, text)
            : throw OptionValue.Wrong(option, whole, string.Join('\n', mistakes), "write idmap=uids=0-1000-1;gids=0-1000-1, in quotes because of the semicolon");
    }
}
