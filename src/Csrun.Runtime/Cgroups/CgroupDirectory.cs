using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;
using Csrun.Plan.Cgroups;

namespace Csrun.Runtime.Cgroups;

/// <summary>A container's group in one hierarchy, open.</summary>
internal sealed class CgroupDirectory : IDisposable
{
    private const ulong Cgroup1 = 0x27e0eb;
    private const ulong Cgroup2 = 0x63677270;
    private const uint Mode = 0x1ed; // 0755

    private CgroupDirectory(CgroupGroup group, SafeFd fd, int made)
    {
        Group = group;
        Fd = fd;
        Made = made;
    }

    /// <summary>Where it is.</summary>
    public CgroupGroup Group { get; }

    /// <summary>The directory.</summary>
    public SafeFd Fd { get; }

    /// <summary>How many of the path's last components did not exist before.</summary>
    public int Made { get; }

    /// <summary>Opens one that exists; null when it does not.</summary>
    public static CgroupDirectory? Open(CgroupGroup group)
    {
        using SafeFd? root = Root(group);
        SysResult opened = root is null ? new SysResult(-1, Errno.ENOENT) : CgroupFiles.Open(root, group.Path[1..]);
        return opened.Ok ? new CgroupDirectory(group, new SafeFd(opened.Int), 0) : null;
    }

    /// <summary>Makes the group and those above it that are missing.</summary>
    /// <exception cref="KernelException">The kernel refuses; what was made is removed.</exception>
    public static CgroupDirectory Make(CgroupGroup group)
    {
        string[] parts = group.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        SafeFd at = Root(group) ?? throw new CsrunException($"\"{group.MountPoint}\" is no control group file system", "another file system is mounted there now", "mount | grep cgroup");
        int made = 0;
        try
        {
            for (int i = 0; i < parts.Length; i++)
            {
                // Version 2: what the groups below may limit has to be handed down first; a group has what its parent hands down.
                if (group.IsV2)
                {
                    HandDown(at);
                }

                string path = group.MountPoint + "/" + string.Join('/', parts[..(i + 1)]);
                SysResult mkdir = Sys.Mkdirat(at, parts[i], Mode);
                if (!mkdir.Ok && mkdir.Errno != Errno.EEXIST)
                {
                    mkdir.OrThrow("mkdirat", path);
                }

                SafeFd next = CgroupFiles.Open(at, parts[i]).FdOrThrow("openat2", path);
                made += mkdir.Ok ? 1 : 0;
                if (group.Controllers.Contains("cpuset") && !group.IsV2)
                {
                    InheritProcessors(at, next);
                }

                at.Dispose();
                at = next;
            }

            return new CgroupDirectory(group, at, made);
        }
        catch
        {
            at.Dispose();
            Remove(group, made);
            throw;
        }
    }

    /// <summary>Removes the group, all groups below it, and as many above it as were made with it; what is still in use stays.</summary>
    /// <returns>Whether the group has gone; EBUSY while a process is in it.</returns>
    public static SysResult Remove(CgroupGroup group, int made)
    {
        using SafeFd? root = Root(group);
        string path = group.Path;
        SysResult result = new(0, Errno.None);
        for (int i = 0; i < Math.Max(1, made) && path != "/" && root is not null; i++)
        {
            SysResult parent = CgroupPath.Parent(path) == "/" ? Sys.Openat2(root, ".", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY) : CgroupFiles.Open(root, CgroupPath.Parent(path)[1..]);
            if (!parent.Ok)
            {
                return result;
            }

            using SafeFd directory = new(parent.Int);
            SysResult removed = RemoveTree(directory, path[(path.LastIndexOf('/') + 1)..], deep: i == 0);
            if (i == 0)
            {
                result = removed.Errno == Errno.ENOENT ? new SysResult(0, Errno.None) : removed;
            }

            if (!removed.Ok && removed.Errno != Errno.ENOENT)
            {
                return result;
            }

            path = CgroupPath.Parent(path);
        }

        return result;
    }

    private static SysResult RemoveTree(SafeFd parent, string name, bool deep)
    {
        SysResult removed = Sys.Unlinkat(parent, name, directory: true);
        if (removed.Ok || !deep || removed.Errno is not (Errno.EBUSY or Errno.ENOTEMPTY))
        {
            return removed;
        }

        SysResult opened = CgroupFiles.Open(parent, name);
        if (!opened.Ok)
        {
            return opened;
        }

        using (SafeFd group = new(opened.Int))
        {
            foreach (string below in DirectoryNames.Of(group))
            {
                // Files answer ENOTDIR to being opened as directories.
                if (!below.Contains('.', StringComparison.Ordinal) || CgroupFiles.Open(group, below) is { Ok: true } one && Close(one))
                {
                    RemoveTree(group, below, deep: true);
                }
            }
        }

        return Sys.Unlinkat(parent, name, directory: true);
    }

    private static bool Close(SysResult opened)
    {
        new SafeFd(opened.Int).Dispose();
        return true;
    }

    /// <summary>All controllers that a group has, for the groups below it; what cannot be handed down shows when a limit needs it.</summary>
    private static void HandDown(SafeFd group)
    {
        string[] has = Words(group, "cgroup.controllers");
        string[] given = Words(group, "cgroup.subtree_control");
        string missing = string.Join(' ', has.Where(c => !given.Contains(c)).Select(c => $"+{c}"));
        if (missing.Length != 0 && !CgroupFiles.Write(group, "cgroup.subtree_control", missing).Ok)
        {
            foreach (string one in missing.Split(' '))
            {
                CgroupFiles.Write(group, "cgroup.subtree_control", one);
            }
        }
    }

    private static string[] Words(SafeFd group, string file) => (CgroupFiles.Read(group, file) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A new group of version 1's cpuset has no processors, and takes no process before it has.</summary>
    private static void InheritProcessors(SafeFd parent, SafeFd group)
    {
        foreach (string file in (ReadOnlySpan<string>)["cpuset.cpus", "cpuset.mems"])
        {
            if (CgroupFiles.Read(group, file) is "" && CgroupFiles.Read(parent, file) is { Length: > 0 } all)
            {
                CgroupFiles.Write(group, file, all);
            }
        }
    }

    private static SafeFd? Root(CgroupGroup group)
    {
        SysResult opened = Sys.Openat2(null, group.MountPoint, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
        if (!opened.Ok)
        {
            return null;
        }

        SafeFd root = new(opened.Int);
        if (Sys.Fstatfs(root, out FileSystemStat stat).Ok && stat.type == (group.IsV2 ? Cgroup2 : Cgroup1))
        {
            return root;
        }

        root.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => Fd.Dispose();
}
