using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>The second article's third part: an LXC container on the mapped root, and what its users write, seen from all sides.</summary>
internal static class LxcContainer
{
    internal static Lab Lab { get; } = new()
    {
        Name = "lxc-3",
        What = "an unprivileged LXC container on an ID-mapped root: its files inside, in the mount, and on disk",
        Source = LabSource.Lxc("LXCコンテナから利用するID mappedマウント"),
        Needs = [LabNeed.Root, LabNeed.Alpine316],
        Lesson = """
            The container's user namespace maps 0 to 100000, the mount maps 0 on disk to 100000: a file of container root is 0 inside, 100000 in the mount, and 0 on disk. The container is described by LXC's own configuration, which csrun turns into an OCI one, and runs in the background.
            """,
        Steps =
        [
            new("As in lxc-1: a tree of root's...", "csrun image unpack alpine:3.16 rootfs") { Article = "$ sudo lxc-create -t download c1 -- -d alpine -r 3.16 -a amd64" },
            new("...a mount point...", "mkdir mnt"),
            new("...and the mount.", "csrun idmap mount --map-mount b:0:100000:65536 rootfs mnt")
            {
                Article = "$ sudo mount-idmapped --map-mount b:0:100000:65536 /var/lib/lxc/c1/rootfs /mnt",
            },
            new("LXC's configuration: the mount as root file system, and the map.", "tee c1.conf")
            {
                Input = """
                    lxc.uts.name = c1
                    lxc.rootfs.path = dir:$DIR/mnt
                    lxc.idmap = u 0 100000 65536
                    lxc.idmap = g 0 100000 65536

                    """,
                Article = """
                    lxc.rootfs.path = dir:/mnt
                    lxc.idmap = u 0 100000 65536
                    lxc.idmap = g 0 100000 65536
                    """,
                Expect = """
                    lxc.uts.name = c1
                    lxc.rootfs.path = dir:$DIR/mnt
                    lxc.idmap = u 0 100000 65536
                    lxc.idmap = g 0 100000 65536
                    """,
            },
            new("The same as an OCI configuration.", "csrun idmap import-lxc --output config.json c1.conf"),
            new("The container, in the background.", "csrun run -d --name c1 --config config.json") { Article = "$ sudo lxc-start c1", Expect = "*" },
            new("It runs, and it is unprivileged.", "csrun ps")
            {
                Article = """
                    $ sudo lxc-ls -f
                    NAME STATE   AUTOSTART GROUPS IPV4       IPV6 UNPRIVILEGED
                    c1   RUNNING 0         -      10.0.3.237 -    true
                    """,
                Expect = """
                    CONTAINER ID NAME IMAGE STATE PID CREATED UNPRIVILEGED COMMAND
                    * c1 * running * * * true /sbin/init
                    """,
            },
            new("Its map, read inside.", "csrun exec c1 cat /proc/1/uid_map /proc/1/gid_map")
            {
                Article = """
                    $ sudo lxc-attach c1 -- cat /proc/1/{u,g}id_map
                             0     100000      65536
                             0     100000      65536
                    """,
                Expect = "0 100000 65536\n0 100000 65536",
            },
            new("Inside everything is root's.", "csrun exec c1 ls -l /")
            {
                Article = """
                    $ sudo lxc-attach c1 -- ls -l /
                    total 52
                    drwxr-xr-x    2 root     root          4096 Dec 30 13:01 bin
                    drwxr-xr-x    4 root     root           440 Jan  3 07:51 dev
                    drwxr-xr-x   21 root     root          4096 Jan  3 07:51 etc
                    drwxr-xr-x    2 root     root          4096 Nov 11 18:03 home
                    """,
                Expect = """
                    total *
                    drwxr-xr-x * root root * * * * bin
                    drwxr-xr-x * root root * * * * dev
                    drwxr-xr-x * root root * * * * etc
                    drwxr-xr-x * root root * * * * home
                    ...
                    """,
            },
            new("Container root makes a file.", "csrun exec c1 touch /root/root-file") { Article = "$ sudo lxc-attach c1 -- touch /root/root-file" },
            new("Inside it is root's...", "csrun exec c1 ls -l /root/root-file")
            {
                Article = """
                    $ sudo lxc-attach c1 -- ls -l /root/root-file
                    -rw-r--r--    1 root     root             0 Jan  3 06:22 /root/root-file
                    """,
                Expect = "-rw-r--r-- 1 root root 0 * * * /root/root-file",
            },
            new("...in the mount 100000's...", "ls -ln mnt/root/root-file")
            {
                Article = """
                    $ sudo ls -l /mnt/root/root-file
                    -rw-r--r-- 1 100000 100000 0 Jan  3 07:54 /mnt/root/root-file
                    """,
                Expect = "-rw-r--r-- 1 100000 100000 0 * * * mnt/root/root-file",
            },
            new("...and on disk root's.", "ls -ln rootfs/root/root-file")
            {
                Article = """
                    $ sudo ls -l /var/lib/lxc/c1/rootfs/root/root-file
                    -rw-r--r-- 1 root root 0 Jan  3 07:54 /var/lib/lxc/c1/rootfs/root/root-file
                    """,
                Expect = "-rw-r--r-- 1 0 0 0 * * * rootfs/root/root-file",
            },
            new("Another file...", "csrun exec c1 touch /tmp/testfile") { Article = "$ sudo lxc-attach c1 -- touch /tmp/testfile" },
            new("...given to Alpine's user games, 35.", "csrun exec c1 chown games:games /tmp/testfile") { Article = "$ sudo lxc-attach c1 -- chown games:games /tmp/testfile" },
            new("Inside it is that user's...", "csrun exec c1 ls -l /tmp/testfile")
            {
                Article = """
                    $ sudo lxc-attach c1 -- ls -l /tmp/testfile
                    -rw-r--r--    1 games    games            0 Jan  7 15:30 /tmp/testfile
                    """,
                Expect = "-rw-r--r-- 1 games games 0 * * * /tmp/testfile",
            },
            new("...in the mount 100035's...", "ls -ln mnt/tmp/testfile")
            {
                Article = """
                    $ ls -l /mnt/tmp/testfile
                    -rw-r--r-- 1 100035 100035 0 Jan  7 15:30 /mnt/tmp/testfile
                    """,
                Expect = "-rw-r--r-- 1 100035 100035 0 * * * mnt/tmp/testfile",
            },
            new("...and on disk 35's.", "ls -ln rootfs/tmp/testfile")
            {
                Article = """
                    $ sudo ls -l /var/lib/lxc/c1/rootfs/tmp/testfile
                    -rw-r--r-- 1 35 35 0 Jan  7 15:30 /var/lib/lxc/c1/rootfs/tmp/testfile
                    """,
                Expect = "-rw-r--r-- 1 35 35 0 * * * rootfs/tmp/testfile",
            },
            new("The container ends...", "csrun stop c1") { Expect = "c1" },
            new("...and is forgotten.", "csrun rm c1") { Expect = "c1" },
            new("None is left.", "csrun ps -aq") { Expect = "" },
        ],
        Cleanup = [new("Whatever state it is in.", "csrun rm -f c1")],
    };
}
