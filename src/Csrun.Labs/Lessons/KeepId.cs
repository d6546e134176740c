using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>podman's keep-id: the map is chosen so that the caller stays itself, or becomes whom the image runs as.</summary>
internal static class KeepId
{
    internal static Lab Lab { get; } = new()
    {
        Name = "keep-id",
        What = "podman's keep-id: your own ID inside, so that your files are yours on both sides",
        Source = LabSource.Docker("DockerやPodmanでのユーザー名前空間の使い方"),
        Needs = [LabNeed.User, LabNeed.Image],
        Actor = LabActor.User,
        Lesson = """
            Where the command in the container does not run as root, its files belong to a subordinate ID outside. Instead of changing the files, change the map: keep-id puts you at your own ID inside, keep-id:uid=U,gid=G at the ID that the image expects. The map then has three lines, and the image's root stays root.
            """,
        Steps =
        [
            new("A directory of yours for the volume.", "mkdir data"),
            new("A file of yours.", "touch data/from-host"),
            new("With keep-id you have your own ID inside.", "csrun run --userns keep-id $IMAGE id -u") { Expect = "$UID" },
            new("The map: you in the middle, subordinate IDs on both sides.", "csrun run --userns keep-id $IMAGE cat /proc/self/uid_map")
            {
                Expect = """
                    0 $SUBUID $UID
                    $UID $UID 1
                    ${UID+1} ${SUBUID+$UID} *
                    """,
            },
            new("Your file is yours inside, the image's files are root's, and you can write.", "csrun run --userns keep-id -v ./data:/data $IMAGE sh -c 'touch /data/by-me; stat -c %u /data/from-host /data/by-me /etc/passwd'")
            {
                Expect = """
                    $UID
                    $UID
                    0
                    """,
            },
            new("An image that runs as user 200, group 210: let that be you.", "csrun run --userns keep-id:uid=200,gid=210 -v ./data:/data $IMAGE sh -c 'touch /data/by-200; stat -c %u:%g /data/from-host /data/by-200'")
            {
                Expect = """
                    200:210
                    200:210
                    """,
            },
            new("On the host all three files are yours; nothing was given to anybody else.", "stat -c '%u:%g %n' data/from-host data/by-me data/by-200")
            {
                Expect = """
                    $UID:$GID data/from-host
                    $UID:$GID data/by-me
                    $UID:$GID data/by-200
                    """,
            },
        ],
    };
}
