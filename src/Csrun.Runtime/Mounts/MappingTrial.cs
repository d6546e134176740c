using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.Mounts;

namespace Csrun.Runtime.Mounts;

/// <summary>Whether one mounted file system can be ID-mapped, found by trying.</summary>
/// <param name="Path">Where it is mounted, or the path that was asked about.</param>
/// <param name="Type">Its type.</param>
/// <param name="Errno">What the kernel answered.</param>
/// <param name="Why">Why not; null where it can.</param>
public sealed record MappingTrial(string Path, string Type, Errno Errno, string? Why)
{
    /// <summary>Since which Linux the file system can be mapped; null where that is not known.</summary>
    public KernelVersion? Since => IdMappable.Since(Type);

    /// <summary>Tries a mount, or the mount that a path lies on. Nothing is attached anywhere.</summary>
    /// <param name="path">The path.</param>
    /// <param name="mount">What mountinfo says of it.</param>
    /// <param name="userns">A user namespace whose maps are used.</param>
    /// <param name="kernel">The kernel.</param>
    public static MappingTrial Of(string path, MountEntry mount, SafeFd userns, KernelVersion kernel)
    {
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return new MappingTrial(path, mount.Type, opened.Errno, $"the mount point cannot be reached: {opened.Errno.Describe()}");
        }

        using SafeFd fd = new(opened.Int);
        if (!Sys.Statx(fd, "", out FileStat stat).Ok || stat.mnt_id != (ulong)mount.Id)
        {
            return new MappingTrial(path, mount.Type, Errno.ENOENT, "another mount covers it");
        }

        // With those below: in a user namespace of one's own they may not be left out, and only the uppermost is mapped.
        SysResult cloned = Sys.OpenTreeClone(fd, recursive: true);
        if (!cloned.Ok)
        {
            return new MappingTrial(path, mount.Type, cloned.Errno, "the mount cannot be copied");
        }

        using SafeFd tree = new(cloned.Int);
        return OfDetached(path, mount.Type, tree, userns, kernel, mount.IsIdMapped);
    }

    /// <summary>Tries a mount that is attached nowhere.</summary>
    /// <param name="path">What to call it.</param>
    /// <param name="type">Its type.</param>
    /// <param name="tree">The mount.</param>
    /// <param name="userns">A user namespace whose maps are used.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="mapped">Whether it has a map already.</param>
    public static MappingTrial OfDetached(string path, string type, SafeFd tree, SafeFd userns, KernelVersion kernel, bool mapped = false)
    {
        Errno errno = Sys.MountSetattr(tree, recursive: false, new MountChange(MountAttr.MOUNT_ATTR_IDMAP, UserNamespace: userns)).Errno;
        return new MappingTrial(path, type, errno, errno switch
        {
            Errno.None => null,
            Errno.ENOSYS => $"ID-mapped mounts are there since Linux 5.12, and this is {kernel}",
            Errno.EPERM when mapped => "this mount is ID-mapped already",
            Errno.EPERM => "it can be mapped, but only by root of the user namespace that mounted it",
            Errno.EINVAL => IdMappable.WhyNot(type, kernel),
            _ => errno.Describe(),
        });
    }
}
