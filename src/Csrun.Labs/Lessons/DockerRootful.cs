using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>Docker with a daemon that is root: no user namespace, so IDs are the same on both sides.</summary>
internal static class DockerRootful
{
    internal static Lab Lab { get; } = new()
    {
        Name = "docker-rootful",
        What = "rootful Docker: the container's user IDs are the host's",
        Source = LabSource.Docker("rootfulなDocker環境でのUID/GID"),
        Needs = [LabNeed.Root, LabNeed.Alpine],
        Lesson = """
            A Docker daemon that runs as root starts containers without a user namespace. A user ID inside is then the same user ID outside: container root is root of the host, and user 1000 inside is user 1000 outside, whoever that is. csrun does the same with --userns host, which has to be asked for.
            """,
        Steps =
        [
            new("Without --user the command runs as root, with the groups that the image's /etc/group gives root.", "csrun run --userns host $IMAGE id")
            {
                Article = """
                    $ docker run alpine id
                    uid=0(root) gid=0(root) groups=0(root),1(bin),2(daemon),3(sys),4(adm),6(disk),10(wheel),11(floppy),20(dialout),26(tape),27(video)
                    """,
                Expect = "uid=0(root) gid=0(root) groups=0(root),1(bin),2(daemon),3(sys),4(adm),6(disk),10(wheel),11(floppy),20(dialout),26(tape),27(video)",
            },
            new("With --user it runs with those IDs, whether the image has such a user or not.", "csrun run --userns host --user 1000:1000 $IMAGE id")
            {
                Article = """
                    $ docker run --user 1000:1000 alpine id
                    uid=1000 gid=1000 groups=1000
                    """,
                Expect = "uid=1000 gid=1000 groups=1000",
            },
            new("The map of user IDs is the host's own: every ID is itself.", "csrun run --userns host $IMAGE cat /proc/self/uid_map")
            {
                Expect = "0 0 4294967295",
            },
            new("A directory for a volume, open to everybody.", "mkdir -m 0777 data"),
            new("Root of the container makes a file in it...", "csrun run --userns host -v ./data:/data $IMAGE touch /data/by-root"),
            new("...and so does user 1000.", "csrun run --userns host --user 1000:1000 -v ./data:/data $IMAGE touch /data/by-1000"),
            new("On the host the files belong to root and to user 1000: the sorrow of the article, files that only root can remove.", "stat -c '%u:%g %n' data/by-root data/by-1000")
            {
                Expect = """
                    0:0 data/by-root
                    1000:1000 data/by-1000
                    """,
            },
        ],
    };
}
