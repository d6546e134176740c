using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>A file system that knows no owners, shown to two users as theirs.</summary>
internal static class VfatForTwo
{
    internal static Lab Lab { get; } = new()
    {
        Name = "vfat-two-users",
        What = "one VFAT file system that belongs to two users at once",
        Source = LabSource.Lxc("VFATファイルシステムのマウント"),
        Needs = [LabNeed.Root, LabNeed.FileSystem("vfat"), LabNeed.Tool("mkfs.vfat"), LabNeed.Tool("setpriv")],
        Lesson = """
            VFAT stores no owners: all of it belongs to whoever the mount says, root here. Mapping that one ID to another for each of two mounts shows the same files to each of two users as their own.
            """,
        Steps =
        [
            new("A disk image...", "truncate -s 16M disk"),
            new("...with a VFAT file system...", "mkfs.vfat disk"),
            new("...and mount points.", "mkdir fat for-1000 for-1001"),
            new("The file system, mounted by root.", "mount -t vfat -o loop disk fat") { Article = "$ sudo mount -t vfat /dev/sda /mnt" },
            new("A file on it.", "touch fat/testfile") { Article = "$ sudo touch /mnt/testfile" },
            new("It is root's.", "ls -ln fat/testfile")
            {
                Article = """
                    $ ls -l /mnt/testfile
                    -rwxr-xr-x 1 root root 0 Jan 10 13:36 /mnt/testfile
                    """,
                Expect = "-rwxr-xr-x 1 0 0 0 * * * fat/testfile",
            },
            new("Root's one ID becomes user 1000...", "csrun idmap mount --map-mount b:0:1000:1 fat for-1000") { Article = "$ sudo mount-idmapped --map-mount b:0:1000:1 /mnt /home/gihyo/mnt" },
            new("...and in another mount user 1001.", "csrun idmap mount --map-mount b:0:1001:1 fat for-1001") { Article = "$ sudo mount-idmapped --map-mount b:0:1001:1 /mnt /home/ubuntu/mnt" },
            new("The same file, twice, with two owners.", "ls -ln for-1000 for-1001")
            {
                Article = """
                    $ sudo ls -l /home/{gihyo,ubuntu}/mnt
                    /home/gihyo/mnt:
                    total 0
                    -rwxr-xr-x 1 gihyo gihyo 0 Jan 10 13:36 testfile

                    /home/ubuntu/mnt:
                    total 0
                    -rwxr-xr-x 1 ubuntu ubuntu 0 Jan 10 13:36 testfile
                    """,
                Expect = """
                    for-1000:
                    total 0
                    -rwxr-xr-x 1 1000 1000 0 * * * testfile

                    for-1001:
                    total 0
                    -rwxr-xr-x 1 1001 1001 0 * * * testfile
                    """,
            },
            new("User 1000 can write...", "setpriv --reuid=1000 --regid=1000 --clear-groups sh -c 'echo hello >for-1000/from-1000'"),
            new("...and user 1001 reads the same bytes.", "setpriv --reuid=1001 --regid=1001 --clear-groups cat for-1001/from-1000") { Expect = "hello" },
            new("Root has no ID in this mount, and cannot write through it.", "touch for-1000/by-root")
            {
                ExitCode = 1,
                Expect = "touch: cannot touch 'for-1000/by-root': Value too large for defined data type",
            },
        ],
    };
}
