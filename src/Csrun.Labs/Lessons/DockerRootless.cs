using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>Docker's rootless mode and podman: container root is the caller, the others are subordinate IDs.</summary>
internal static class DockerRootless
{
    internal static Lab Lab { get; } = new()
    {
        Name = "docker-rootless",
        What = "rootless Docker and podman: container root is you, user N is your subordinate ID N-1",
        Source = LabSource.Docker("DockerやPodmanでのユーザー名前空間の使い方"),
        Needs = [LabNeed.User, LabNeed.Alpine],
        Actor = LabActor.User,
        Lesson = """
            An ordinary user starts a container in a user namespace. Its map has two lines: root inside is the user outside, and the IDs from 1 on are the user's subordinate IDs of /etc/subuid. csrun does this by default, as Docker's rootless mode and podman do.
            """,
        Steps =
        [
            new("Inside you seem to be root...", "csrun run $IMAGE id")
            {
                Article = """
                    $ docker run alpine id
                    uid=0(root) gid=0(root) groups=0(root),1(bin),2(daemon),3(sys),4(adm),6(disk),10(wheel),11(floppy),20(dialout),26(tape),27(video)
                    """,
                Expect = "uid=0(root) gid=0(root) groups=0(root),1(bin),2(daemon),3(sys),4(adm),6(disk),10(wheel),11(floppy),20(dialout),26(tape),27(video)",
            },
            new("...and any other user you like...", "csrun run --user 1000:1000 $IMAGE id")
            {
                Article = """
                    $ docker run --user 1000:1000 alpine id
                    uid=1000 gid=1000 groups=1000
                    """,
                Expect = "uid=1000 gid=1000 groups=1000",
            },
            new("...but the map says who that is on the host: container ID, host ID, how many.", "csrun run $IMAGE cat /proc/self/uid_map /proc/self/gid_map")
            {
                Expect = """
                    0 $UID 1
                    1 $SUBUID *
                    0 $GID 1
                    1 $SUBGID *
                    """,
            },
            new("A directory for a volume, open to everybody.", "mkdir -m 0777 data"),
            new("Your file in it, made on the host.", "touch data/from-host"),
            new("Root of the container makes a file...", "csrun run -v ./data:/data $IMAGE touch /data/by-root"),
            new("...and so does user 1234.", "csrun run --user 1234:1234 -v ./data:/data $IMAGE touch /data/by-1234"),
            new("Inside, your file is root's, for you are root there.", "csrun run -v ./data:/data -w /data $IMAGE stat -c '%u:%g %n' from-host by-root by-1234")
            {
                Expect = """
                    0:0 from-host
                    0:0 by-root
                    1234:1234 by-1234
                    """,
            },
            new("On the host root's file is yours, and user 1234's belongs to the subordinate ID 1233 places after the first: container ID 1 is the first one.", "stat -c '%u:%g %n' data/from-host data/by-root data/by-1234")
            {
                Expect = """
                    $UID:$GID data/from-host
                    $UID:$GID data/by-root
                    ${SUBUID+1233}:${SUBGID+1233} data/by-1234
                    """,
            },
            new("That file is not yours, so you cannot change it here...", "chmod 0600 data/by-1234")
            {
                ExitCode = 1,
                Expect = "chmod: changing permissions of 'data/by-1234': Operation not permitted",
            },
            new("...but as root of a container you can.", "csrun run -v ./data:/data $IMAGE chmod 0600 /data/by-1234"),
        ],
    };
}
