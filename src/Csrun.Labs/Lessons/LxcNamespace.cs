using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>The second article's second part: a user namespace without maps, and the maps written from outside.</summary>
internal static class LxcNamespace
{
    internal static Lab Lab { get; } = new()
    {
        Name = "lxc-2",
        What = "a user namespace without maps, where everybody is nobody, and maps written from outside",
        Source = LabSource.Lxc("コンテナから利用するID mappedマウント"),
        Needs = [LabNeed.User, LabNeed.Image, LabNeed.Tool("newuidmap"), LabNeed.Tool("newgidmap")],
        Actor = LabActor.User,
        Lesson = """
            A new user namespace has no ID maps. Until somebody writes them, every owner shows as nobody (65534). newuidmap and newgidmap write them from outside, for the PID of a process in the namespace, and only with IDs that /etc/subuid and /etc/subgid give to whoever calls them. In such a namespace an ID-mapped mount with the same map shows root's files as root's: the two maps undo each other.
            """,
        Steps =
        [
            new("As in lxc-1: a tree of root's...", "csrun image unpack alpine:3.16 rootfs") { Actor = LabActor.Root, Needs = [LabNeed.Root, LabNeed.Alpine316] },
            new("...a mount point...", "mkdir mnt"),
            new("...and the mount, with your subordinate IDs.", "csrun idmap mount --map-mount u:0:$SUBUID:65536 --map-mount g:0:$SUBGID:65536 rootfs mnt")
            {
                Actor = LabActor.Root,
                Needs = [LabNeed.Root, LabNeed.Alpine316],
                Article = "$ sudo mount-idmapped --map-mount b:0:100000:65536 /var/lib/lxc/c1/rootfs /mnt",
            },
            new("A shell in a user namespace without maps.", "csrun unshare --no-map sh") { Opens = "nobody", Article = "gihyo@ubuntu2204:~$ unshare --user" },
            new("Everything belongs to nobody there...", "ls -ldn / /etc /usr")
            {
                In = "nobody",
                Article = """
                    nobody@ubuntu2204:~$ ls -l /
                    total 2398280
                    drwxr-xr-x  91 nobody nogroup       4096 Jan  7 13:17 etc
                    drwxr-xr-x   3 nobody nogroup       4096 Nov 23 12:43 home
                    """,
                Expect = """
                    d* * 65534 65534 * * * * /
                    d* * 65534 65534 * * * * /etc
                    d* * 65534 65534 * * * * /usr
                    """,
            },
            new("...you too.", "id -u") { In = "nobody", Expect = "65534" },
            new("The PID of that shell.", "echo $$") { In = "nobody", Into = "PID", Article = "nobody@ubuntu2204:~$ echo $$\n1035", Expect = "*" },
            new("Your subordinate IDs, from another shell.", "grep -h \"^$USER:\" /etc/subuid /etc/subgid")
            {
                Article = """
                    gihyo@ubuntu2204:~$ cat /etc/sub{u,g}id | grep gihyo
                    gihyo:100000:65536
                    gihyo:100000:65536
                    """,
                Expect = "$USER:$SUBUID:*\n$USER:$SUBGID:*",
            },
            new("User 0 of the namespace becomes your first subordinate user ID...", "newuidmap $PID 0 $SUBUID 65536") { Article = "gihyo@ubuntu2204:~$ newuidmap 1035 0 100000 65536" },
            new("...and group 0 your first subordinate group ID.", "newgidmap $PID 0 $SUBGID 65536") { Article = "gihyo@ubuntu2204:~$ newgidmap 1035 0 100000 65536" },
            new("The kernel has taken both.", "cat /proc/$PID/uid_map /proc/$PID/gid_map")
            {
                Article = """
                    gihyo@ubuntu2204:~$ cat /proc/1035/{u,g}id_map
                             0     100000      65536
                             0     100000      65536
                    """,
                Expect = "0 $SUBUID 65536\n0 $SUBGID 65536",
            },
            new("Back in the first shell. The tree itself is root's of the host, who has no ID here...", "ls -ldn rootfs/bin") { In = "nobody", Needs = [LabNeed.Root, LabNeed.Alpine316], Expect = "d* * 65534 65534 * * * * rootfs/bin" },
            new("...but in the mount it belongs to root, because the two maps undo each other...", "ls -ln mnt")
            {
                In = "nobody",
                Needs = [LabNeed.Root, LabNeed.Alpine316],
                Article = """
                    nobody@ubuntu2204:~$ ls -l /mnt
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
            new("...and the shadow file to root and group 42, shadow.", "ls -ln mnt/etc/shadow")
            {
                In = "nobody",
                Needs = [LabNeed.Root, LabNeed.Alpine316],
                Article = """
                    nobody@ubuntu2204:~$ ls -l /mnt/etc/shadow
                    -rw-r----- 1 root shadow 422 Nov 11 18:03 /mnt/etc/shadow
                    """,
                Expect = "-rw-r----- 1 0 42 * * * * mnt/etc/shadow",
            },
        ],
    };
}
