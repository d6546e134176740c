using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>The same for a user without root: a tmpfs of one's own user namespace can be mapped.</summary>
internal static class MappedTmpfs
{
    internal static Lab Lab { get; } = new()
    {
        Name = "lxc-1-rootless",
        What = "an ID-mapped mount without root: on a tmpfs in a user namespace of your own",
        Source = LabSource.Lxc("コンテナから利用するID mappedマウント"),
        Needs = [LabNeed.User, LabNeed.Alpine316],
        Actor = LabActor.User,
        Lesson = """
            Mapping a mount takes CAP_SYS_ADMIN over the user namespace in which the file system was mounted. Disks of the host were mounted in the host's, so that takes root. A tmpfs that you mount in a user namespace of your own is yours to map. Here is the article's first part on such a tmpfs, with a map from 0 to 1000: the IDs have to be some that your namespace has.
            """,
        Steps =
        [
            new("A shell as root of a user namespace of your IDs, with a mount namespace of its own.", "csrun unshare sh") { Opens = "unshared" },
            new("Two directories, and a tmpfs on the first.", "mkdir src mnt && mount -t tmpfs tmpfs src") { In = "unshared" },
            new("Alpine 3.16 on it, which belongs to root of this namespace.", "csrun image unpack alpine:3.16 src/rootfs") { In = "unshared" },
            new("The mount.", "csrun idmap mount --map-mount b:0:1000:60000 src/rootfs mnt")
            {
                In = "unshared",
                Article = "$ sudo mount-idmapped --map-mount b:0:100000:65536 /var/lib/lxc/c1/rootfs /mnt",
            },
            new("The kernel lists it as idmapped.", "grep \" $DIR/mnt \" /proc/self/mountinfo")
            {
                In = "unshared",
                Article = """
                    $ cat /proc/self/mountinfo | grep idmap
                    481 31 253:0 /var/lib/lxc/c1/rootfs /mnt rw,relatime,idmapped shared:1 - ext4 /dev/mapper/ubuntu--vg-ubuntu--lv rw
                    """,
                Expect = "* * *:* /rootfs $DIR/mnt rw,*idmapped* ...",
            },
            new("At the source the shadow file is root's, group 42.", "ls -ln src/rootfs/etc/shadow")
            {
                In = "unshared",
                Article = """
                    $ sudo ls -l /var/lib/lxc/c1/rootfs/etc/shadow
                    -rw-r----- 1 root shadow 422 Nov 11 18:03 /var/lib/lxc/c1/rootfs/etc/shadow
                    """,
                Expect = "-rw-r----- 1 0 42 * * * * src/rootfs/etc/shadow",
            },
            new("In the mount it is 1000's, group 1042.", "ls -ln mnt/etc/shadow")
            {
                In = "unshared",
                Article = """
                    $ sudo ls -l /mnt/etc/shadow
                    -rw-r----- 1 100000 100042 422 Nov 11 18:03 /mnt/etc/shadow
                    """,
                Expect = "-rw-r----- 1 1000 1042 * * * * mnt/etc/shadow",
            },
            new("Two more directories, on the disk.", "mkdir disk mnt2") { In = "unshared" },
            new("They cannot be mapped like this: the file system was mounted by the host.", "csrun idmap mount --map-mount b:0:1000:60000 disk mnt2")
            {
                In = "unshared",
                ExitCode = 125,
                Expect = """
                    csrun: mount_setattr(MOUNT_ATTR_IDMAP) "disk": EPERM (operation not permitted)
                      why: ...
                      fix: ...
                    """,
            },
            new("On the host none of it shows: the mounts are the namespace's own.", "ls src mnt") { Expect = "mnt:\n\nsrc:" },
        ],
    };
}
