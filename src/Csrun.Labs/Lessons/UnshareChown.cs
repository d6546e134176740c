using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>podman unshare chown and rm: acting on the files that a container's users left.</summary>
internal static class UnshareChown
{
    internal static Lab Lab { get; } = new()
    {
        Name = "unshare-chown",
        What = "podman unshare chown: taking back, and removing, what a container's users own",
        Source = LabSource.Docker("はじめに"),
        Needs = [LabNeed.User, LabNeed.Image],
        Actor = LabActor.User,
        Lesson = """
            A container user other than root leaves files that belong to a subordinate ID: on the host you can neither change nor remove them. Root of a user namespace that has those IDs in its map can. podman unshare starts a command as that root, on the host's own files; csrun unshare does the same, and chown-back and rm-tree do the two things that one usually wants.
            """,
        Steps =
        [
            new("A directory for the volume, open to everybody.", "mkdir -m 0777 data"),
            new("Container user 1234 makes a directory and a file in it.", "csrun run --user 1234:1234 -v ./data:/data $IMAGE sh -c 'mkdir -m 0700 /data/d; touch /data/d/f /data/g'"),
            new("On the host they belong to your subordinate ID number 1233.", "stat -c '%u:%g %n' data/d data/g")
            {
                Expect = "${SUBUID+1233}:${SUBGID+1233} data/d\n${SUBUID+1233}:${SUBGID+1233} data/g",
            },
            new("You cannot make the file yours...", "chown $UID data/g") { ExitCode = 1, Expect = "chown: changing ownership of 'data/g': Operation not permitted" },
            new("...nor remove the directory, which lets nobody else in.", "rm -rf data/d") { ExitCode = 1, Expect = "rm: cannot remove 'data/d': Permission denied" },
            new("In a namespace with the same map as the container's you are root, and the file is user 1234's.", "csrun unshare stat -c '%u:%g %n' data/g") { Expect = "1234:1234 data/g" },
            new("There root can give it to root, who is you on the host.", "csrun unshare chown 0:0 data/g"),
            new("It is yours.", "stat -c '%u:%g %n' data/g") { Expect = "$UID:$GID data/g" },
            new("chown-back does that for a whole tree.", "csrun chown-back data/d"),
            new("All of it is yours now.", "stat -c '%u:%g %n' data/d data/d/f") { Expect = "$UID:$GID data/d\n$UID:$GID data/d/f" },
            new("Once more, to remove it this time.", "csrun run --user 1234:1234 -v ./data:/data $IMAGE sh -c 'mkdir -m 0700 /data/e; touch /data/e/f'"),
            new("rm-tree removes what rm cannot.", "csrun rm-tree data/e"),
            new("It is gone.", "ls data") { Expect = "d\ng" },
        ],
    };
}
