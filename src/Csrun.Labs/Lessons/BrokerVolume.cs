using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>ID-mapped volumes for ordinary users: refused by the kernel, granted by the broker.</summary>
internal static class BrokerVolume
{
    private const string Run = "csrun run --userns map=0:$SUBUID:65536 -v ./data:/data:idmap $IMAGE";

    // Its runtime directory is the lab's own, so that its process that holds the namespaces can be found and ended.
    private const string Podman = "podman --root $DIR/podman/storage --runroot podman/run --storage-driver vfs --events-backend none --cgroup-manager cgroupfs --runtime crun";

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
            new("Directories for what follows.", "install -d -m 0700 -o $UID -g $GID podman tools tree"),
            new("Only the two programs that write maps, to do without others.", "sh -c 'ln -s $(command -v newuidmap) $(command -v newgidmap) tools'"),
            new("Without the option the container's root may not write there.", "csrun run --userns map=0:$SUBUID:65536 -v ./data:/data $IMAGE sh -c 'stat -c %u:%g /data/mine; touch /data/f'")
            {
                Actor = LabActor.User,
                ExitCode = 1,
                Expect = "65534:65534\ntouch: /data/f: Permission denied",
            },
            new("podman's volume option of that name, with crun. podman 5.4 with crun 1.21 answers \"Error: crun: mount_setattr `/v`: Operation not permitted: OCI permission denied\" (crun's issue 1632); here is the podman of this machine, where it is installed with crun.", $"XDG_RUNTIME_DIR=$DIR/podman {Podman} run --rm --network host --rootfs --uidmap 0:1:65536 --gidmap 0:1:65536 -v ./data:/data:idmap $DIR/tree touch /data/f")
            {
                Actor = LabActor.User,
                Needs = [LabNeed.Tool("podman"), LabNeed.Tool("crun")],
                ExitCode = 126,
                Expect = "...\nError: *crun: mount_setattr * Operation not permitted: OCI permission denied",
            },
            new("csrun, with neither a broker nor bindfs in PATH, says what is missing and what to do.", $"PATH=$DIR/tools CSRUN_BROKER=$DIR/broker.sock {Run} touch /data/f")
            {
                Actor = LabActor.User,
                ExitCode = 125,
                Expect = """
                    csrun: volume "/data": "$DIR/data" cannot be mounted with its ID map
                    why: the kernel lets only root map mounts of the host's file systems, and there is no broker (nothing at $DIR/broker.sock), and bindfs is not installed; without the map its files would show with other owners
                    fix: leave the map to the user namespace, which costs nothing: --userns keep-id, without idmap
                    or let the broker do it: sudo csrun broker install
                    """,
            },
            new("Where bindfs is installed, that stands in, and csrun says at what price.", $"CSRUN_BROKER=$DIR/broker.sock {Run} sh -c 'stat -c %u:%g /data/mine; touch /data/by-bindfs; chown 35:35 /data/by-bindfs'")
            {
                Actor = LabActor.User,
                Needs = [LabNeed.Bindfs],
                ExitCode = 1,
                Expect = """
                    csrun: note: volume "/data": there is no broker, so bindfs serves it: all files show as user 0's and group 0's, what the container makes belongs to the caller, and chown is refused
                    0:0
                    chown: /data/by-bindfs: Operation not permitted
                    """,
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
        Cleanup = [new("podman's process that holds its user namespace.", "sh -c 'kill $(cat podman/libpod/tmp/pause.pid)'") { Actor = LabActor.User }],
    };
}
