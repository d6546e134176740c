using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>Which file systems can be ID-mapped: found by trying.</summary>
internal static class WhichFileSystems
{
    internal static Lab Lab { get; } = new()
    {
        Name = "which-file-systems",
        What = "which file systems can be ID-mapped, for root and for an ordinary user",
        Source = LabSource.Lxc("ID mappedマウントが使えるファイルシステム"),
        Needs = [LabNeed.User],
        Actor = LabActor.User,
        Lesson = """
            A file system has to be prepared for ID-mapped mounts (FS_ALLOW_IDMAP). The article lists those of Linux 6.1: btrfs, EROFS, ext4, F2FS, VFAT, NTFS3, XFS. More came later, tmpfs with 6.3. Being prepared is one half; the other is being allowed to, which is up to who mounted it. csrun tries both for every mount.
            """,
        Steps =
        [
            new("procfs is not prepared: nobody can map it.", "csrun idmap probe /proc") { Expect = "TYPE MAPPABLE SINCE MOUNT POINT\nproc no - /proc: EINVAL: ..." },
            new("The whole list, for an ordinary user: at best a new tmpfs in a user namespace of one's own.", "csrun idmap probe") { Expect = "TYPE MAPPABLE SINCE MOUNT POINT\n..." },
            new("For root a tmpfs of the host's can be mapped.", "mkdir tmp") { Actor = LabActor.Root, Needs = [LabNeed.Root] },
            new("There it is.", "mount -t tmpfs tmpfs tmp") { Actor = LabActor.Root, Needs = [LabNeed.Root] },
            new("Root's answer...", "csrun idmap probe tmp") { Actor = LabActor.Root, Needs = [LabNeed.Root], Expect = "TYPE MAPPABLE SINCE MOUNT POINT\ntmpfs yes 6.3 *tmp" },
            new("...and the user's, for the same mount.", "csrun idmap probe tmp") { Needs = [LabNeed.Root], Expect = "TYPE MAPPABLE SINCE MOUNT POINT\ntmpfs no 6.3 *tmp: EPERM: ...\n..." },
        ],
    };
}
