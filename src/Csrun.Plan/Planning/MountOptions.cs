using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>The options of an OCI mount, sorted by what they mean (runtime-spec config.md, "Mounts"; mount(8)).</summary>
/// <param name="Bind">Whether it is a bind mount.</param>
/// <param name="Recursive">Whether the mounts below the source come along (rbind).</param>
/// <param name="Set">Attributes to set on the mount itself.</param>
/// <param name="Clear">Attributes to clear.</param>
/// <param name="SetRecursive">Attributes to set on the mounts below, too (rro, rnosuid…).</param>
/// <param name="Propagation">Its propagation, or 0.</param>
/// <param name="PropagationRecursive">Whether the mounts below get it, too.</param>
/// <param name="IdMap">Whether the mount is ID-mapped: idmap or ridmap.</param>
/// <param name="IdMapRecursive">Whether the mounts below are, too.</param>
/// <param name="Data">Options for the file system itself.</param>
public sealed record MountOptions(
    bool Bind,
    bool Recursive,
    MountAttr Set,
    MountAttr Clear,
    MountAttr SetRecursive,
    MountFlags Propagation,
    bool PropagationRecursive,
    bool IdMap,
    bool IdMapRecursive,
    ImmutableArray<FilesystemOption> Data)
{
    /// <summary>The word with which a tmpfs begins with what the root file system has there: resolved before a plan is made.</summary>
    public const string CopyUp = "tmpcopyup";

    /// <summary>Attributes to clear on the mounts below, too (rrw, rsuid…).</summary>
    public MountAttr ClearRecursive { get; init; }

    /// <summary>Whether it changes a mount that is there, in place of making one.</summary>
    public bool Remount { get; init; }

    /// <summary>Sorts the options of a mount; those that are no mount options are the file system's.</summary>
    public static MountOptions Parse(IReadOnlyList<string> options, string? type)
    {
        bool bind = type == "bind";
        bool recursive = false, propagationRecursive = false, idmap = false, ridmap = false, remount = false;
        MountAttr set = 0, clear = 0, setRecursive = 0, clearRecursive = 0;
        MountFlags propagation = 0;
        ImmutableArray<FilesystemOption>.Builder data = ImmutableArray.CreateBuilder<FilesystemOption>();
        foreach (string option in options)
        {
            if (Attribute(option, ref set, ref clear) || (option.StartsWith('r') && Attribute(option[1..], ref setRecursive, ref clearRecursive)))
            {
                continue;
            }

            if (PropagationOf(option) is { } change)
            {
                (propagation, propagationRecursive) = change;
            }
            else
            {
                switch (option)
                {
                    case "bind":
                        bind = true;
                        break;
                    case "rbind":
                        bind = recursive = true;
                        break;
                    case ['i', 'd', 'm', 'a', 'p', ..] when Oci.MountIdMapOption.IsPresent(option):
                        idmap = true;
                        break;
                    case ['r', 'i', 'd', 'm', 'a', 'p', ..] when Oci.MountIdMapOption.IsPresent(option):
                        idmap = ridmap = true;
                        break;
                    case "remount":
                        remount = true;
                        break;
                    // The defaults of mount(8), and words that change nothing the mount does; file systems decide on iversion themselves since Linux
                    // 6.2. tmpcopyup is done with where the configuration is read.
                    case "defaults" or "" or "async" or "nomand" or "loud" or "silent" or "nolazytime" or "noiversion" or "iversion" or CopyUp:
                        break;
                    default:
                        int equals = option.IndexOf('=', StringComparison.Ordinal);
                        data.Add(equals < 0 ? new FilesystemOption(option) : new FilesystemOption(option[..equals], option[(equals + 1)..]));
                        break;
                }
            }
        }

        return new MountOptions(bind, recursive, set, clear, setRecursive, propagation, propagationRecursive, idmap, ridmap, data.ToImmutable()) { ClearRecursive = clearRecursive, Remount = remount };
    }

    /// <summary>Takes a word that is an attribute of a mount; the later of two that contradict each other holds.</summary>
    /// <remarks>How access times are kept is one number in the kernel, which is cleared before it is set (mount_setattr(2)).</remarks>
    private static bool Attribute(string option, ref MountAttr set, ref MountAttr clear)
    {
        switch (option)
        {
            case "noatime" or "strictatime" or "relatime":
                set = (set & ~MountAttr.MOUNT_ATTR__ATIME) | (option == "noatime" ? MountAttr.MOUNT_ATTR_NOATIME : option == "strictatime" ? MountAttr.MOUNT_ATTR_STRICTATIME : MountAttr.MOUNT_ATTR_RELATIME);
                clear |= MountAttr.MOUNT_ATTR__ATIME;
                return true;
            case "atime":
                set &= ~MountAttr.MOUNT_ATTR_NOATIME;
                clear |= MountAttr.MOUNT_ATTR__ATIME;
                return true;
            case "nostrictatime" or "norelatime": // relatime is what is left then, as in mount(8)
                set &= ~MountAttr.MOUNT_ATTR_STRICTATIME;
                return true;
        }

        if (Flag(option) is not { } flag)
        {
            return false;
        }

        set = flag.On ? set | flag.Attr : set & ~flag.Attr;
        clear = flag.On ? clear & ~flag.Attr : clear | flag.Attr;
        return true;
    }

    private static (MountAttr Attr, bool On)? Flag(string option) => option switch
    {
        "ro" => (MountAttr.MOUNT_ATTR_RDONLY, true),
        "rw" => (MountAttr.MOUNT_ATTR_RDONLY, false),
        "nosuid" => (MountAttr.MOUNT_ATTR_NOSUID, true),
        "suid" => (MountAttr.MOUNT_ATTR_NOSUID, false),
        "nodev" => (MountAttr.MOUNT_ATTR_NODEV, true),
        "dev" => (MountAttr.MOUNT_ATTR_NODEV, false),
        "noexec" => (MountAttr.MOUNT_ATTR_NOEXEC, true),
        "exec" => (MountAttr.MOUNT_ATTR_NOEXEC, false),
        "nosymfollow" => (MountAttr.MOUNT_ATTR_NOSYMFOLLOW, true),
        "symfollow" => (MountAttr.MOUNT_ATTR_NOSYMFOLLOW, false),
        "nodiratime" => (MountAttr.MOUNT_ATTR_NODIRATIME, true),
        "diratime" => (MountAttr.MOUNT_ATTR_NODIRATIME, false),
        _ => null,
    };

    private static (MountFlags Flag, bool Recursive)? PropagationOf(string option) => option switch
    {
        "private" => (MountFlags.MS_PRIVATE, false),
        "rprivate" => (MountFlags.MS_PRIVATE, true),
        "slave" => (MountFlags.MS_SLAVE, false),
        "rslave" => (MountFlags.MS_SLAVE, true),
        "shared" => (MountFlags.MS_SHARED, false),
        "rshared" => (MountFlags.MS_SHARED, true),
        "unbindable" => (MountFlags.MS_UNBINDABLE, false),
        "runbindable" => (MountFlags.MS_UNBINDABLE, true),
        _ => null,
    };
}
