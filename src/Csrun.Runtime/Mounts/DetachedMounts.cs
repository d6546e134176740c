using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.Mounts;

/// <summary>Makes mounts that are attached nowhere yet: all or nothing, and nothing is left when their descriptor is closed.</summary>
/// <remarks>open_tree(2); mount_setattr(2), "ID-mapped mounts".</remarks>
public static class DetachedMounts
{
    /// <summary>The one place that ID-maps a mount. CAP_SYS_ADMIN over the file system's user namespace is needed.</summary>
    /// <param name="copy">What to make.</param>
    /// <returns>The detached mount, for move_mount(2).</returns>
    /// <exception cref="KernelException">The kernel refuses; the cause is decided.</exception>
    /// <exception cref="CsrunException">The user namespace for the map cannot be had.</exception>
    public static SafeFd IdMapped(IdMappedCopy copy)
    {
        using SafeFd? opened = copy.Source is null ? Open(copy.Path) : null;
        SafeFd source = copy.Source ?? opened!;
        SysResult cloned = Sys.OpenTreeClone(source, copy.Recursive);
        if (!cloned.Ok)
        {
            throw IdMapRefusal.Clone(copy, source, cloned.Errno);
        }

        SafeFd tree = new(cloned.Int);
        try
        {
            return Map(copy, source, tree);
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    private static SafeFd Map(IdMappedCopy copy, SafeFd source, SafeFd tree)
    {
        using SafeFd? made = copy.UserNamespace is null ? UserNamespaces.With(copy.Maps ?? throw new ArgumentException("a map or a user namespace is needed", nameof(copy))) : null;
        MountChange change = new(copy.Set | MountAttr.MOUNT_ATTR_IDMAP, copy.Clear, copy.Propagation, made ?? copy.UserNamespace);
        bool below = copy.Recursive && copy.MapBelow;
        SysResult mapped = Sys.MountSetattr(tree, below, change);
        if (mapped.Ok)
        {
            return tree;
        }

        if (mapped.Errno == Errno.EPERM && copy.ReplaceMap && below == copy.Recursive)
        {
            // A mount that is mapped already can only be copied with another map, in one call. Both maps count IDs on disk.
            SysResult replaced = Sys.OpenTreeAttrClone(source, copy.Recursive, change);
            if (replaced.Ok)
            {
                tree.Dispose();
                return new SafeFd(replaced.Int);
            }

            if (replaced.Errno is not (Errno.ENOSYS or Errno.EPERM))
            {
                mapped = replaced;
            }
        }

        throw IdMapRefusal.Explain(copy, source, change, mapped.Errno);
    }

    /// <summary>Opens what a path leads to, to be copied or covered; symbolic links are followed, as mount(8) does.</summary>
    /// <exception cref="KernelException">It is not there, or this caller may not reach it.</exception>
    public static SafeFd Open(string path)
    {
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_PATH);
        (string Why, string Fix)? cause = opened.Ok ? null : PathDiagnosis.Explain(path, opened.Errno);
        return opened.FdOrThrow("openat2", path, cause?.Why, cause?.Fix);
    }
}
