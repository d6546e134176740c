using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>ID-mapped volumes for ordinary users: refused by the kernel, granted by the broker.</summary>
internal static class BrokerVolume
{
    private const string Run = "csrun run --userns map=0:$SUBUID:65536 -v ./data:/data:idmap $IMAGE";

    internal static Lab Lab { get; } = new()
    {
        Name = "broker",
        What = "an ID-mapped volume without root: refused by the kernel, granted by the broker",
        Source = LabSource.Lxc("コンテナから利用するID mappedマウント"),
        Needs = [LabNeed.Root, LabNeed.User, LabNeed.Image],
        Lesson = """
            A container whose map does not have you sees your files as nobody's. An ID-mapped volume would help, but only root may map a mount of the disk, so podman's option idmap fails for ordinary users, or does nothing. csrun's broker is a small service of root's that makes such mounts for whoever asks, as long as every ID on both sides is the caller's own.
            """,
        Steps =
        [
            new("A directory of the user's.", "install -d -o $UID -g $GID data"),
            new("A file in it.", "touch data/mine") { Actor = LabActor.User },
            new("Without the option the container's root may not write there.", "csrun run --userns map=0:$SUBUID:65536 -v ./data:/data $IMAGE sh -c 'stat -c %u:%g /data/mine; touch /data/f'")
            {
                Actor = LabActor.User,
                ExitCode = 1,
                Expect = "65534:65534\ntouch: /data/f: Permission denied",
            },
            new("With it and without a broker, podman 5.4 ends with \"crun: mount_setattr: Operation not permitted\". csrun says what is missing, or that bindfs stands in where that is installed.", $"sh -c \"CSRUN_BROKER=/nonexistent {Run} true 2>&1 | head -n 1\"")
            {
                Actor = LabActor.User,
                Expect = "csrun: ...",
            },
            new("The broker, started by hand.", "csrun broker serve --socket $DIR/broker.sock") { Background = true },
            new("It listens.", "sh -c 'until [ -S broker.sock ]; do sleep 0.02; done'"),
            new("Now the user's file is root's inside, and root can write.", $"CSRUN_BROKER=$DIR/broker.sock {Run} sh -c 'cat /proc/self/uid_map; stat -c %u:%g /data/mine; touch /data/f /data/g; chown 35:35 /data/g'")
            {
                Actor = LabActor.User,
                Expect = "0 $SUBUID 65536\n0:0",
            },
            new("On disk what container root made is the user's, and what user 35 owns belongs to a subordinate ID.", "stat -c '%u:%g %n' data/f data/g data/mine")
            {
                Expect = "$UID:$GID data/f\n${SUBUID+35}:${SUBGID+35} data/g\n$UID:$GID data/mine",
            },
        ],
    };
}
