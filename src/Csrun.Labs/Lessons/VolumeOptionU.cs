using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>podman's volume option U: chown, by request only, and its undoing.</summary>
internal static class VolumeOptionU
{
    internal static Lab Lab { get; } = new()
    {
        Name = "volume-u",
        What = "podman's volume option U: the files are given to the container's user, and can be given back",
        Source = LabSource.Docker("はじめに"),
        Needs = [LabNeed.User, LabNeed.Image],
        Actor = LabActor.User,
        Lesson = """
            With U the volume's files are changed on disk so that they belong to the user that the container runs as. It has to be asked for, for your files are not yours afterwards. csrun writes down what it changed, so that chown-back can undo exactly that.
            """,
        Steps =
        [
            new("A directory of yours.", "mkdir data"),
            new("A file of yours in it.", "touch data/mine"),
            new("Container user 1234 finds them to be its own.", "csrun run --user 1234:1234 -v ./data:/data:U $IMAGE stat -c '%u:%g %n' /data /data/mine")
            {
                Expect = "...\n1234:1234 /data\n1234:1234 /data/mine",
            },
            new("On the host they are your subordinate ID number 1233's: they were changed.", "stat -c '%u:%g %n' data data/mine")
            {
                Expect = "${SUBUID+1233}:${SUBGID+1233} data\n${SUBUID+1233}:${SUBGID+1233} data/mine",
            },
            new("You cannot write there any more.", "touch data/more") { ExitCode = 1, Expect = "touch: cannot touch 'data/more': Permission denied" },
            new("Undone.", "csrun chown-back data"),
            new("They are yours again.", "stat -c '%u:%g %n' data data/mine") { Expect = "$UID:$GID data\n$UID:$GID data/mine" },
        ],
    };
}
