using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.Mounts;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Mounts;

/// <summary>Why the kernel refuses an ID-mapped mount: one errno has many causes, and the host's facts, or a trial, decide.</summary>
/// <remarks>mount_setattr(2), "ERRORS"; the order of the kernel's own checks.</remarks>
internal static class IdMapRefusal
{
    private const string Call = "mount_setattr(MOUNT_ATTR_IDMAP)";

    /// <summary>open_tree failed.</summary>
    internal static KernelException Clone(IdMappedCopy copy, SafeFd source, Errno errno)
    {
        MountInfo? mounts = MountTable.Read();
        MountEntry? top = mounts?.Of(source);
        (string? why, string? fix) = errno switch
        {
            Errno.EPERM => ("copying a mount takes CAP_SYS_ADMIN over the mount namespace, which this process has not", "run csrun as root, or inside a user and mount namespace of your own: unshare --user --map-root-user --mount"),
            Errno.EINVAL when mounts is not null && top is null => ("the source is of another mount namespace; only mounts of csrun's own can be copied", "open it through csrun's own tree, not through /proc/PID/root"),
            Errno.EINVAL when top?.Propagation.Contains("unbindable", StringComparison.Ordinal) == true => ($"the mount \"{top.MountPoint}\" is unbindable", $"mount --make-private '{top.MountPoint}'"),
            Errno.EINVAL when !copy.Recursive && top is not null => ("mounts lie below it that this user namespace may not uncover, so it can only be copied with them", "--recursive"),
            Errno.ENOSYS => ("open_tree is there since Linux 5.2, or a seccomp filter of an outer container hides it", null),
            _ => ((string?)null, (string?)null),
        };
        return new KernelException("open_tree", copy.Path, errno, why, fix);
    }

    /// <summary>mount_setattr failed.</summary>
    internal static KernelException Explain(IdMappedCopy copy, SafeFd source, MountChange change, Errno errno)
    {
        KernelVersion kernel = KernelVersion.TryParse(Environment.OSVersion.Version.ToString(), out KernelVersion version) ? version : default;
        if (errno == Errno.ENOSYS)
        {
            return new KernelException(Call, copy.Path, errno, kernel.IsAtLeast(5, 12) ? "a seccomp filter of an outer container hides mount_setattr" : $"ID-mapped mounts are there since Linux 5.12, and this is {kernel}");
        }

        if (UserNamespaces.IsInitial(change.UserNamespace!))
        {
            return new KernelException(Call, copy.Path, errno, "the map is that of the host's first user namespace, under which nothing changes; the kernel wants another one", "name the user namespace of a container, or a map: --map-mount b:0:100000:65536");
        }

        MountInfo? mounts = MountTable.Read();
        MountEntry? top = mounts?.Of(source);
        using SafeFd? trial = Trial();
        Trials trials = new(copy.ReplaceMap && kernel.IsAtLeast(6, 15), trial, change);
        if (Judge(trials, source, top, errno, kernel) is { } atTop)
        {
            return new KernelException(Call, copy.Path, atTop.Errno, atTop.Why, atTop.Fix);
        }

        if (copy is { Recursive: true, MapBelow: true } && top is not null)
        {
            foreach (MountEntry below in mounts!.Below(top, MountTable.PathOf(source)))
            {
                using SafeFd? fd = Reach(below);
                if (Judge(trials, fd, below, errno, kernel) is { } found)
                {
                    return new KernelException(Call, below.MountPoint, found.Errno, $"{found.Why}\nit is mounted below \"{copy.Path}\", and all mounts there are mapped or none", "leave --recursive out: then only the mount itself is mapped, without those below");
                }
            }
        }

        return new KernelException(Call, copy.Path, errno, change.Clear != 0 && errno == Errno.EINVAL ? "the mount options contradict each other" : null);
    }

    // Which mount it is of several at one place: what lies under another cannot be reached by its path.
    private static SafeFd? Reach(MountEntry mount)
    {
        SysResult opened = Sys.Openat2(null, mount.MountPoint, OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return null;
        }

        SafeFd fd = new(opened.Int);
        if (Sys.Statx(fd, "", out FileStat stat).Ok && stat.mnt_id == (ulong)mount.Id)
        {
            return fd;
        }

        fd.Dispose();
        return null;
    }

    private static SafeFd? Trial()
    {
        try
        {
            // One line for the caller's own ID: enough to ask the kernel whether a mount can be mapped at all.
            return UserNamespaces.With(new IdMapPair(new IdMap(new IdMapping(0, Sys.Geteuid(), 1)), new IdMap(new IdMapping(0, Sys.Getegid(), 1))));
        }
        catch (CsrunException)
        {
            return null; // what the mount's own facts say is all there is then
        }
    }

    private static (Errno Errno, string Why, string? Fix)? Judge(Trials trials, SafeFd? source, MountEntry? mount, Errno errno, KernelVersion kernel)
    {
        if (mount is { IsIdMapped: true } && !trials.Replace)
        {
            return (
                Errno.EPERM,
                kernel.IsAtLeast(6, 15) ? "the mount is ID-mapped already" : $"the mount is ID-mapped already; a copy with another map can be made since Linux 6.15 (open_tree_attr), and this is {kernel}",
                $"map the mount that it is a copy of, or end this one first: csrun idmap umount '{mount.MountPoint}'");
        }

        if (source is null || trials.Alone(source) is not { } alone)
        {
            return null;
        }

        string type = mount?.Type ?? "this file system";
        return alone switch
        {
            Errno.EINVAL => (alone, IdMappable.WhyNot(type, kernel), "csrun idmap probe names the file systems that can"),
            Errno.EPERM when !Sys.CapgetEffective().Contains(Capability.CAP_SYS_ADMIN) => (alone, "the caller has no CAP_SYS_ADMIN", "run csrun as root"),
            Errno.EPERM => (
                alone,
                $"{type} can be ID-mapped, but this one was mounted by a user namespace outside csrun's own, and CAP_SYS_ADMIN is wanted there",
                HostFactsProbe.IsInitialUserNamespace() ? null : "run csrun as root of the host; of an ordinary user's mounts a tmpfs made in its own user namespace can be mapped"),
            Errno.None when trials.WithNamespace(source) is { } named && named != Errno.None => (named, WhyNamespace(trials.UserNamespace, named), "name another user namespace, or a map: --map-mount b:0:100000:65536"),
            Errno.None when errno == Errno.EPERM && trials.WithOptions(source) is { } locked && locked != Errno.None => (
                locked, "a more privileged mount namespace locked the options of this mount (mount_namespaces(7)), and one that was asked for changes them", "leave the mount options out"),
            _ => null,
        };
    }

    private static string WhyNamespace(SafeFd userns, Errno errno) => errno switch
    {
        Errno.EPERM => "this process has no CAP_SYS_ADMIN in the user namespace that the map is taken from",
        Errno.EINVAL when UserNamespaces.IsOwn(userns) => "the map would be that of the file system's own user namespace, under which nothing changes",
        _ => "the user namespace that the map is taken from has no IDs yet: its uid_map or gid_map is empty",
    };

    /// <summary>Copies of one mount, never attached anywhere, to see which part of what was asked for the kernel refuses.</summary>
    private sealed record Trials(bool Replace, SafeFd? Trial, MountChange Change)
    {
        internal SafeFd UserNamespace => Change.UserNamespace!;

        internal Errno? Alone(SafeFd source) => Trial is null ? null : Try(source, Trial, 0);

        internal Errno? WithNamespace(SafeFd source) => Try(source, UserNamespace, 0);

        internal Errno? WithOptions(SafeFd source) => Trial is null ? null : Try(source, Trial, Change.Set);

        private Errno? Try(SafeFd source, SafeFd userns, MountAttr set)
        {
            MountChange change = new(set | MountAttr.MOUNT_ATTR_IDMAP, UserNamespace: userns);
            SysResult cloned = Replace ? Sys.OpenTreeAttrClone(source, recursive: false, change) : Sys.OpenTreeClone(source, recursive: false);
            if (!cloned.Ok)
            {
                return Replace ? cloned.Errno : null;
            }

            using SafeFd tree = new(cloned.Int);
            return Replace ? Errno.None : Sys.MountSetattr(tree, recursive: false, change).Errno;
        }
    }
}
