using Csrun.Linux.IdMaps;
using Csrun.Plan.Drawing;

namespace Csrun.Plan.Reports;

/// <summary>The drawings of IDs in a report: this launch's, and the one of part 51 where this launch has no ID-mapped mount.</summary>
internal static class ReportPictures
{
    // The IDs that part 51 follows: root, and group 42, shadow's on Alpine Linux.
    private const uint Root = 0;
    private const uint Shadow = 42;
    private const int Mounts = 3;

    public static IReadOnlyList<IdWayPicture> Of(LaunchReport report)
    {
        IdMapPair container = report.Maps ?? new IdMapPair(IdMap.Identity, IdMap.Identity);
        if (report.MappedMounts.Count == 0)
        {
            return
            [
                Picture("This container: no ID-mapped mount, so the disk has the host's IDs", null, container),
                Picture("Figure 1 of part 51: an ID-mapped mount, and a container on it", Example, Example),
            ];
        }

        return [.. report.MappedMounts.Take(Mounts).Select(m => Picture($"This container: {m.What}", m.Map, container))];
    }

    private static IdMapPair Example => new(IdMap.Parse("0:100000:65536"), IdMap.Parse("0:100000:65536"));

    private static IdWayPicture Picture(string title, IdMapPair? mount, IdMapPair container)
    {
        MountIds ids = new(mount);
        IdWay[] ways =
        [
            IdWay.Follow(isGroup: false, IdPlace.Container, Root, ids, container),
            IdWay.Follow(isGroup: true, IdPlace.Container, Shadow, ids, container),
        ];
        List<string> holes = [];
        foreach (IdWay way in ways)
        {
            string kind = way.IsGroup ? "group" : "user";
            if (way.Host is null)
            {
                holes.Add($"{kind} {way.Id} is not in the container's map: no process there can have it");
            }
            else if (way.Disk is null)
            {
                holes.Add($"{kind} {way.Host} has no ID on disk in the mount's map: making a file with it fails (EOVERFLOW)");
            }
        }

        return new IdWayPicture(
            title,
            ways,
            mount is null ? ["not ID-mapped:", "each ID is itself"] : IdWayPicture.Lines(mount.Uid, mount.Gid),
            IdWayPicture.Lines(container.Uid, container.Gid),
            DiskUnknown: false,
            holes);
    }
}
