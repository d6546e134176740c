using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>A map that leaves root out: root's files are nobody's, and root can make none.</summary>
internal static class NoRootInMap
{
    internal static Lab Lab { get; } = new()
    {
        Name = "no-root-in-map",
        What = "an ID-mapped mount without ID 0: not even root can write as root",
        Source = LabSource.Lxc("UID/GID=0のマッピングなしでのID mappedマウント"),
        Needs = [LabNeed.Root, LabNeed.User, LabNeed.Alpine],
        Lesson = """
            A map does not need to have every ID. With b:1:1:65535 each ID is itself except 0, which is not there: in the mount, files of root belong to nobody, and a process of root can make no file, because there is no ID on disk for its owner. Everybody else notices nothing. The article maps the host's / itself: so does this lab where that can be mapped, after a tree of its own with a home directory in it.
            """,
        Steps =
        [
            new("A root file system.", "csrun image unpack alpine rootfs"),
            new("A home directory of an ordinary user in it.", "install -d -o $UID -g $GID rootfs/home/$USER"),
            new("A mount point.", "mkdir mnt"),
            new("The mount: IDs 1 to 65535, each as itself.", "csrun idmap mount --map-mount b:1:1:65535 rootfs mnt") { Article = "$ sudo mount-idmapped --map-mount b:1:1:65535 / /mnt/" },
            new("What is root's belongs to nobody in the mount.", "ls -ln mnt")
            {
                Article = """
                    $ ls -l /mnt
                    total 2398296
                    drwxr-xr-x  2 nobody nogroup       4096 Nov 23 12:33 boot
                    drwxr-xr-x 91 nobody nogroup       4096 Jan  7 13:17 etc
                    drwxr-xr-x  3 nobody nogroup       4096 Nov 23 12:43 home
                    """,
                Expect = """
                    total *
                    drwxr-xr-x * 65534 65534 * * * * bin
                    drwxr-xr-x * 65534 65534 * * * * dev
                    drwxr-xr-x * 65534 65534 * * * * etc
                    drwxr-xr-x * 65534 65534 * * * * home
                    ...
                    """,
            },
            new("What belongs to others stays theirs.", "ls -ln mnt/home")
            {
                Article = """
                    $ ls -l /mnt/home
                    total 4
                    drwxr-x--- 6 gihyo gihyo 4096 Jan 10 13:15 gihyo
                    """,
                Expect = "total *\ndrwxr-xr-x * $UID $GID * * * * $USER",
            },
            new("Owner and group are mapped each for itself.", "ls -ln mnt/etc/shadow")
            {
                Article = """
                    $ ls -l /mnt/etc/shadow
                    -rw-r----- 1 nobody shadow 1026 Nov 23 13:12 /mnt/etc/shadow
                    """,
                Expect = "-rw-r----- 1 65534 42 * * * * mnt/etc/shadow",
            },
            new("Root cannot make a file: EOVERFLOW, for ID 0 has no place in the map.", "touch mnt/i-am-root")
            {
                Article = """
                    $ sudo touch /mnt/i-am-root
                    touch: cannot touch '/mnt/i-am-root': Value too large for defined data type
                    """,
                ExitCode = 1,
                Expect = "touch: cannot touch 'mnt/i-am-root': Value too large for defined data type",
            },
            new("The user can.", "touch mnt/home/$USER/i-am-$USER") { Actor = LabActor.User, Article = "$ touch /mnt/home/ubuntu/i-am-ubuntu" },
            new("And the file is the user's.", "ls -ln mnt/home/$USER/i-am-$USER")
            {
                Article = """
                    $ ls -l /mnt/home/ubuntu/i-am-ubuntu
                    -rw-rw-r-- 1 ubuntu ubuntu 0 Oct 18 13:13 /mnt/home/ubuntu/i-am-ubuntu
                    """,
                Expect = "-rw-r*-r-- 1 $UID $GID 0 * * * mnt/home/$USER/i-am-$USER",
            },
            new("Now the article's own source: /.", "mkdir root") { Needs = [LabNeed.MapOfRoot] },
            new("The whole root file system, without what is mounted in it.", "csrun idmap mount --map-mount b:1:1:65535 / root")
            {
                Needs = [LabNeed.MapOfRoot],
                Article = "$ sudo mount-idmapped --map-mount b:1:1:65535 / /mnt/",
            },
            new("The host's directories are nobody's there.", "ls -ldn root/etc root/home root/var")
            {
                Needs = [LabNeed.MapOfRoot],
                Article = """
                    $ ls -l /mnt
                    total 2398296
                    drwxr-xr-x 91 nobody nogroup       4096 Jan  7 13:17 etc
                    drwxr-xr-x  3 nobody nogroup       4096 Nov 23 12:43 home
                    """,
                Expect = """
                    drwxr-xr-x * 65534 65534 * * * * root/etc
                    drwxr-xr-x * 65534 65534 * * * * root/home
                    drwxr-xr-x * 65534 65534 * * * * root/var
                    """,
            },
            new("Root may not make a file in the host's / either, seen this way.", "touch root/i-am-root")
            {
                Needs = [LabNeed.MapOfRoot],
                Article = """
                    $ sudo touch /mnt/i-am-root
                    touch: cannot touch '/mnt/i-am-root': Value too large for defined data type
                    """,
                ExitCode = 1,
                Expect = "touch: cannot touch 'root/i-am-root': Value too large for defined data type",
            },
            new("The user may, where the user's files are; this directory of the lab's is one of them.", "touch root$DIR/rootfs/home/$USER/through-root")
            {
                Needs = [LabNeed.MapOfRoot],
                Actor = LabActor.User,
                Article = "$ touch /mnt/home/ubuntu/i-am-ubuntu",
            },
            new("It is the user's on disk.", "ls -ln rootfs/home/$USER/through-root")
            {
                Needs = [LabNeed.MapOfRoot],
                Expect = "-rw-r*-r-- 1 $UID $GID 0 * * * rootfs/home/$USER/through-root",
            },
        ],
    };
}
