using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>The second article's first part: a root-owned tree, mounted with other owners.</summary>
internal static class LxcMappedMount
{
    internal static Lab Lab { get; } = new()
    {
        Name = "lxc-1",
        What = "an ID-mapped mount: root's files shown as those of host ID 100000",
        Source = LabSource.Lxc("コンテナから利用するID mappedマウント"),
        Needs = [LabNeed.Root, LabNeed.Alpine316],
        Lesson = """
            A root file system that root made belongs to root; a container whose root is host ID 100000 would find all of it owned by somebody else. An ID-mapped mount shows the same files with other owners. Nothing on disk changes. The map b:0:100000:65536 reads: users and groups (b), from 0 on disk to 100000 in the mount, 65536 of them.
            """,
        Steps =
        [
            new("A root file system of Alpine 3.16, made by root.", "csrun image unpack alpine:3.16 rootfs")
            {
                Article = "$ sudo lxc-create -t download c1 -- -d alpine -r 3.16 -a amd64",
            },
            new("A mount point.", "mkdir mnt"),
            new("The mount, with mount-idmapped's own words.", "csrun idmap mount --map-mount b:0:100000:65536 rootfs mnt")
            {
                Article = "$ sudo mount-idmapped --map-mount b:0:100000:65536 /var/lib/lxc/c1/rootfs /mnt",
            },
            new("The kernel lists it as idmapped.", "grep \" $DIR/mnt \" /proc/self/mountinfo")
            {
                Article = """
                    $ cat /proc/self/mountinfo | grep idmap
                    481 31 253:0 /var/lib/lxc/c1/rootfs /mnt rw,relatime,idmapped shared:1 - ext4 /dev/mapper/ubuntu--vg-ubuntu--lv rw
                    """,
                Expect = "* * *:* */rootfs $DIR/mnt rw,*idmapped* ...",
            },
            new("At the source everything is root's (-n shows numbers).", "ls -ln rootfs")
            {
                Article = """
                    $ sudo ls -l /var/lib/lxc/c1/rootfs
                    total 68
                    drwxr-xr-x  2 root root 4096 Dec 30 13:01 bin
                    drwxr-xr-x  3 root root 4096 Jan  3 06:05 dev
                    drwxr-xr-x 21 root root 4096 Jan  3 07:51 etc
                    drwxr-xr-x  2 root root 4096 Nov 11 18:03 home
                    """,
                Expect = """
                    total *
                    drwxr-xr-x * 0 0 * * * * bin
                    drwxr-xr-x * 0 0 * * * * dev
                    drwxr-xr-x * 0 0 * * * * etc
                    drwxr-xr-x * 0 0 * * * * home
                    ...
                    """,
            },
            new("The shadow file's group is 42, which Alpine and Debian call shadow.", "ls -ln rootfs/etc/shadow")
            {
                Article = """
                    $ sudo ls -l /var/lib/lxc/c1/rootfs/etc/shadow
                    -rw-r----- 1 root shadow 422 Nov 11 18:03 /var/lib/lxc/c1/rootfs/etc/shadow
                    """,
                Expect = "-rw-r----- 1 0 42 * * * * rootfs/etc/shadow",
            },
            new("In the mount the same directories belong to 100000...", "ls -ln mnt")
            {
                Article = """
                    $ sudo ls -l /mnt
                    total 68
                    drwxr-xr-x  2 100000 100000 4096 Dec 30 13:01 bin
                    drwxr-xr-x  3 100000 100000 4096 Jan  3 06:05 dev
                    drwxr-xr-x 21 100000 100000 4096 Jan  3 07:51 etc
                    drwxr-xr-x  2 100000 100000 4096 Nov 11 18:03 home
                    """,
                Expect = """
                    total *
                    drwxr-xr-x * 100000 100000 * * * * bin
                    drwxr-xr-x * 100000 100000 * * * * dev
                    drwxr-xr-x * 100000 100000 * * * * etc
                    drwxr-xr-x * 100000 100000 * * * * home
                    ...
                    """,
            },
            new("...and group 42 is 100042: the whole range is mapped, one to one.", "ls -ln mnt/etc/shadow")
            {
                Article = """
                    $ sudo ls -l /mnt/etc/shadow
                    -rw-r----- 1 100000 100042 422 Nov 11 18:03 /mnt/etc/shadow
                    """,
                Expect = "-rw-r----- 1 100000 100042 * * * * mnt/etc/shadow",
            },
            new("The mount ends; the files were never touched.", "csrun idmap umount mnt"),
            new("The mount point is an empty directory of root's again.", "ls -ln mnt") { Expect = "total 0" },
        ],
    };
}
