using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>The second article's reason for ID-mapped mounts: several containers on one image at the same time.</summary>
internal static class ManyMaps
{
    internal static Lab Lab { get; } = new()
    {
        Name = "many-maps",
        What = "several containers with different maps on one image at once, nothing chowned",
        Source = LabSource.Lxc("複数のコンテナから同じイメージをマウント"),
        Needs = [LabNeed.Root, LabNeed.Image],
        Lesson = """
            Two containers with different maps need the same files to belong to different host IDs. chown can do that for one of them at a time; an ID-mapped mount does it for all of them at once, and changes nothing on disk.
            """,
        Steps =
        [
            new("One root file system, owned by root of the host.", "csrun image unpack $IMAGE rootfs"),
            new("A container on it whose root is host ID 200000...", "csrun run -i --userns map=0:200000:65536 --rootfs ./rootfs sh") { Opens = "first" },
            new("...and at the same time one whose root is host ID 300000.", "csrun run -i --userns map=0:300000:65536 --rootfs ./rootfs sh") { Opens = "second" },
            new("The first one's map.", "cat /proc/self/uid_map") { In = "first", Expect = "0 200000 65536" },
            new("The second one's.", "cat /proc/self/uid_map") { In = "second", Expect = "0 300000 65536" },
            new("To the first the image is root's...", "stat -c '%u:%g %n' / /etc/passwd") { In = "first", Expect = "0:0 /\n0:0 /etc/passwd" },
            new("...and to the second as well.", "stat -c '%u:%g %n' / /etc/passwd") { In = "second", Expect = "0:0 /\n0:0 /etc/passwd" },
            new("And on the host it still belongs to root: nothing was chowned.", "stat -c '%u:%g %n' rootfs rootfs/etc/passwd") { Expect = "0:0 rootfs\n0:0 rootfs/etc/passwd" },
            new("What the first writes...", "touch /by-first; chown 35:35 /by-first") { In = "first" },
            new("...the second sees with the same container IDs...", "stat -c '%u:%g %n' /by-first") { In = "second", Expect = "35:35 /by-first" },
            new("...and so does the disk.", "stat -c '%u:%g %n' rootfs/by-first") { Expect = "35:35 rootfs/by-first" },
        ],
    };
}
