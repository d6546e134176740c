using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>The article's container for a user without root: no mapped mount, but a root file system that is the user's own.</summary>
internal static class RootlessDetached
{
    internal static Lab Lab { get; } = new()
    {
        Name = "lxc-3-rootless",
        What = "the same container without root: its files inside and on disk",
        Source = LabSource.Lxc("LXCコンテナから利用するID mappedマウント"),
        Needs = [LabNeed.User, LabNeed.Alpine316],
        Actor = LabActor.User,
        Lesson = """
            An ordinary user cannot map a mount of the disk, but can unpack the root file system with the owners that the container's map makes of it: root's files are the user's own, the others belong to subordinate IDs. One map is enough then, and the disk shows the subordinate IDs.
            """,
        Steps =
        [
            new("A root file system with your IDs.", "csrun image unpack alpine:3.16 rootfs") { Article = "$ sudo lxc-create -t download c1 -- -d alpine -r 3.16 -a amd64" },
            new("Group 42, shadow, is your subordinate group ID number 41 on disk.", "ls -ln rootfs/etc/shadow") { Expect = "-rw-r----- 1 $UID ${SUBGID+41} * * * * rootfs/etc/shadow" },
            new("A container on it, in the background.", "csrun run -d --name c1 --rootfs ./rootfs sleep 1000") { Article = "$ sudo lxc-start c1", Expect = "*" },
            new("It runs, and it is unprivileged.", "csrun ps")
            {
                Article = """
                    $ sudo lxc-ls -f
                    NAME STATE   AUTOSTART GROUPS IPV4       IPV6 UNPRIVILEGED
                    c1   RUNNING 0         -      10.0.3.237 -    true
                    """,
                Expect = """
                    CONTAINER ID NAME IMAGE STATE PID CREATED UNPRIVILEGED COMMAND
                    * c1 * running * * * true sleep 1000
                    """,
            },
            new("Its map: root is you.", "csrun exec c1 cat /proc/1/uid_map /proc/1/gid_map") { Expect = "0 $UID 1\n1 $SUBUID *\n0 $GID 1\n1 $SUBGID *" },
            new("Container root makes a file...", "csrun exec c1 touch /root/root-file") { Article = "$ sudo lxc-attach c1 -- touch /root/root-file" },
            new("...and another one for Alpine's user games, 35.", "csrun exec c1 sh -c 'touch /tmp/testfile; chown games:games /tmp/testfile'")
            {
                Article = """
                    $ sudo lxc-attach c1 -- touch /tmp/testfile
                    $ sudo lxc-attach c1 -- chown games:games /tmp/testfile
                    """,
            },
            new("Inside they are root's and that user's.", "csrun exec c1 stat -c '%U:%G %n' /root/root-file /tmp/testfile") { Expect = "root:root /root/root-file\ngames:games /tmp/testfile" },
            new("On disk they are yours, and your subordinate ID number 34's.", "stat -c '%u:%g %n' rootfs/root/root-file rootfs/tmp/testfile")
            {
                Expect = "$UID:$GID rootfs/root/root-file\n${SUBUID+34}:${SUBGID+34} rootfs/tmp/testfile",
            },
            new("The container ends and is forgotten.", "csrun rm -f c1") { Expect = "c1" },
        ],
        Cleanup = [new("Whatever state it is in.", "csrun rm -f c1")],
    };
}
