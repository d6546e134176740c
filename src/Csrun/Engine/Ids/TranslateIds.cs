using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.IdMaps.Notations;
using Csrun.Plan.Requests;
using Csrun.Runtime.Mounts;
using Csrun.Terminal;

namespace Csrun.Engine.Ids;

/// <summary><c>csrun idmap translate</c>.</summary>
internal static class TranslateIds
{
    internal static int Run(Caller caller, IdTranslateRequest request)
    {
        (IdMapPair container, string name) = Container(caller, request);
        IdMapPair? mount = request.MountMaps.Count == 0 ? null : MountMapNotation.Parse(request.MountMaps, MountMapped.Unchanged());
        List<Translation> found = [];
        foreach (string word in request.Words)
        {
            found.Add(IdNumber.IsAllDigits(word) ? Id(word, request, mount, container, name) : File(word, request, mount, container, name));
        }

        if (request.Json)
        {
            TranslationJson.Write(found);
            return 0;
        }

        if (request.Svg)
        {
            FdWriter.Stdout.Write(TranslationPicture.Svg(found));
            FdWriter.Stdout.Flush();
            return 0;
        }

        FdWriter.Stdout.Write(string.Join('\n', found.Select(t => request.Draw ? TranslationDrawing.Draw(t) : TranslationText.Describe(t))));
        FdWriter.Stdout.Flush();
        return 0;
    }

    private static (IdMapPair Maps, string Name) Container(Caller caller, IdTranslateRequest request)
    {
        if (request.Pid is not null)
        {
            string pid = Subject.OfProcess(request.Pid);
            return (Subject.Maps(pid), $"process {pid}");
        }

        if (request.Container is { } word)
        {
            return (Subject.Maps(Subject.Pid(caller, word)), $"container {word}");
        }

        if (request.Maps.Count != 0)
        {
            IdMap map = IdMap.Parse(request.Maps, "--map");
            map.ThrowIfInvalid("--map");
            return (new IdMapPair(map, map), "--map");
        }

        return (Identity.Default(caller).Plan.Maps, "csrun run's for this caller");
    }

    private static Translation Id(string word, IdTranslateRequest request, IdMapPair? mount, IdMapPair container, string name)
    {
        if (!IdNumber.TryParse(word, out uint id))
        {
            throw new CsrunException($"\"{word}\" is no ID", $"IDs have 32 bits and end at {IdNumber.Max}", $"for a file of that name: ./{word}");
        }

        IdPlace from = request.From ?? (request.Pid is not null || request.Container is not null || request.Maps.Count != 0 ? IdPlace.Container : IdPlace.Disk);
        List<IdWay> ways = [];
        if (request.Users || !request.Groups)
        {
            ways.Add(IdWay.Follow(isGroup: false, from, id, new MountIds(mount), container));
        }

        if (request.Groups)
        {
            ways.Add(IdWay.Follow(isGroup: true, from, id, new MountIds(mount), container));
        }

        return new Translation(null, mount, false, container, name, ways);
    }

    private static Translation File(string path, IdTranslateRequest request, IdMapPair? given, IdMapPair container, string name)
    {
        // The link's own owner is not meant: what it leads to is.
        using SafeFd file = DetachedMounts.Open(path);
        Sys.Statx(file, "", out FileStat stat).OrThrow("statx", path);
        bool mapped = MountTable.Read()?.Of(file) is { IsIdMapped: true };
        if (given is not null)
        {
            // Played through as if this file's mount had the map: what it stores is where the way begins.
            (uint uid, uint gid) = mapped && MountMaps.OwnerOnDisk(file) is { } stored ? (stored.Uid.Value, stored.Gid.Value) : (stat.uid, stat.gid);
            return new Translation(path, given, false, container, name, Both(IdPlace.Disk, uid, gid, new MountIds(given), container, request));
        }

        IdMapPair? map = mapped ? MountMaps.Of(file) : null;
        (OnDiskUid Uid, OnDiskGid Gid)? onDisk = mapped ? MountMaps.OwnerOnDisk(file) : null;
        if (mapped && map is not null && onDisk is { } owner)
        {
            return new Translation(path, map, false, container, name, Both(IdPlace.Disk, owner.Uid.Value, owner.Gid.Value, new MountIds(map), container, request));
        }

        IReadOnlyList<IdWay> ways = Both(IdPlace.Mount, stat.uid, stat.gid, new MountIds(map), container, request);
        bool unknown = mapped && map is null;
        return new Translation(path, map, unknown, container, name, unknown ? [.. ways.Select(w => w with { Disk = null })] : ways);
    }

    private static List<IdWay> Both(IdPlace from, uint uid, uint gid, MountIds mount, IdMapPair container, IdTranslateRequest request)
    {
        List<IdWay> ways = [];
        if (request.Users || !request.Groups)
        {
            ways.Add(IdWay.Follow(isGroup: false, from, uid, mount, container));
        }

        if (request.Groups || !request.Users)
        {
            ways.Add(IdWay.Follow(isGroup: true, from, gid, mount, container));
        }

        return ways;
    }
}
