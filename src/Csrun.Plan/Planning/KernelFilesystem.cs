using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Oci;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>What a user namespace may mount, and what takes its place where it may not.</summary>
internal static class KernelFilesystem
{
    /// <summary>The host's path to bind read-only in place of a file system that this container may not mount, or null.</summary>
    /// <remarks>A user namespace may mount sysfs only when it owns the network namespace, mqueue with the IPC namespace, cgroup2 with the cgroup namespace.</remarks>
    public static string? BindInstead(Mount mount, PlanContext context)
    {
        // An engine's own user namespace, which csrun is root of (rootless podman), may mount no more than a container's.
        if (!context.OwnUserNamespace && context.Request.Facts.InitialUserNamespace)
        {
            return null;
        }

        // A namespace that is entered belongs to somebody else's user namespace, unless that one is entered, too.
        bool joinedUser = !context.Has(CloneFlags.CLONE_NEWUSER);
        bool Owns(CloneFlags flag) => joinedUser ? context.HasOwn(flag) : context.Has(flag);

        return mount.Type switch
        {
            "sysfs" when !Owns(CloneFlags.CLONE_NEWNET) => "/sys",
            "mqueue" when !Owns(CloneFlags.CLONE_NEWIPC) => "/dev/mqueue",
            "cgroup" or "cgroup2" when !Owns(CloneFlags.CLONE_NEWCGROUP) => "/sys/fs/cgroup",
            _ => null,
        };
    }

    /// <summary>The options that the kernel takes in this container.</summary>
    public static ImmutableArray<FilesystemOption> Options(string destination, string type, ImmutableArray<FilesystemOption> options, PlanContext context)
    {
        if (type == "cgroup2")
        {
            return []; // runc's options for version 1, such as a controller's name, mean nothing here
        }

        if (type == "tmpfs" && context.Request.CoveredModes.TryGetValue(destination, out uint mode) && !options.Any(o => o.Key == "mode"))
        {
            return options.Add(new("mode", Convert.ToString(mode, 8))); // the kernel's default is 1777: everybody could write to /run
        }

        if (type != "devpts")
        {
            return options;
        }

        // devpts answers EINVAL to a gid that the user namespace does not map (a single-ID map has no tty group).
        return options.RemoveAll(o => o.Key == "gid" && !(uint.TryParse(o.Value, out uint gid) && Mapped(context.Spec.Linux?.GidMappings ?? [], gid, context.OwnUserNamespace)));
    }

    /// <summary>Why a file system is made.</summary>
    public static string Why(string type, string destination) => type switch
    {
        "proc" => "processes of the new PID namespace only; before the old root goes, because the kernel wants to see a full proc then",
        "sysfs" => "devices of the new network namespace only",
        "devpts" => "terminals of its own: the host's are out of reach",
        "mqueue" => "message queues of the new IPC namespace",
        "cgroup" or "cgroup2" => "the container's part of the cgroup tree, read-only",
        "tmpfs" when destination == "/dev" => "an empty /dev: only the devices below get into it",
        "tmpfs" when destination == "/dev/shm" => "shared memory of its own",
        _ => $"the {type} file system of {destination}",
    };

    /// <summary>What a container would have without it.</summary>
    /// <param name="type">The file system's type.</param>
    /// <param name="destination">Where it goes.</param>
    public static string Without(string type, string destination) => type switch
    {
        "proc" => "ps, and everything that reads /proc, would fail; the host's proc would show the host's processes under their own numbers",
        "sysfs" => "programs would find no devices and no network interfaces in /sys",
        "devpts" => "no terminal could be opened in the container: script, tmux and sshd fail",
        "mqueue" => "message queues could be used, and not be seen or removed",
        "cgroup" or "cgroup2" => "programs that look for their limits, such as Java and systemd, would find none",
        "tmpfs" when destination == "/dev" => "the image's own /dev would be used, in which anything can lie under the name of a device",
        "tmpfs" when destination == "/dev/shm" => "shm_open(3) and sem_open(3) fail: browsers and data bases do not start",
        _ => "what is written there would go to the container's layer on disk, or into a directory that the image has",
    };

    private static bool Mapped(IReadOnlyList<LinuxIdMapping> map, uint id, bool userNamespace)
    {
        foreach (LinuxIdMapping mapping in map)
        {
            if (id >= mapping.ContainerID && id - mapping.ContainerID < mapping.Size)
            {
                return true;
            }
        }

        return !userNamespace;
    }
}
