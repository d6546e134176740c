using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>The table that the first article is about: who owns a new file in a volume.</summary>
internal static class VolumeOwners
{
    private const string Write = "csrun run -v ./data:/data";

    internal static Lab Lab { get; } = new()
    {
        Name = "volume-owners",
        What = "who owns a new file in a volume: daemon root or not, container user root or not",
        Source = LabSource.Docker("Docker・Podman周りのUID/GID事情"),
        Needs = [LabNeed.User, LabNeed.Image],
        Actor = LabActor.User,
        Lesson = """
            Two things decide who owns a file that a container makes in a volume: whether the daemon is root, and whether the process in the container is root. Here are all four cases, each writing one file into the same directory. The two with a root daemon need root.
            """,
        Steps =
        [
            new("A directory for the volume, open to everybody.", "mkdir -m 0777 data"),
            new("Daemon not root, container user root.", $"{Write} $IMAGE touch /data/rootless-root"),
            new("Daemon not root, container user 1000.", $"{Write} --user 1000:1000 $IMAGE touch /data/rootless-1000"),
            new("Daemon root, container user root.", $"{Write} --userns host $IMAGE touch /data/rootful-root") { Actor = LabActor.Root, Needs = [LabNeed.Root] },
            new("Daemon root, container user 1000.", $"{Write} --userns host --user 1000:1000 $IMAGE touch /data/rootful-1000") { Actor = LabActor.Root, Needs = [LabNeed.Root] },
            new("Without root as the daemon: container root is you, container user 1000 is your subordinate ID number 999.", "stat -c '%u:%g %n' data/rootless-root data/rootless-1000")
            {
                Expect = """
                    $UID:$GID data/rootless-root
                    ${SUBUID+999}:${SUBGID+999} data/rootless-1000
                    """,
            },
            new("With root as the daemon: the same IDs on both sides.", "stat -c '%u:%g %n' data/rootful-root data/rootful-1000")
            {
                Needs = [LabNeed.Root],
                Expect = """
                    0:0 data/rootful-root
                    1000:1000 data/rootful-1000
                    """,
            },
        ],
    };
}
