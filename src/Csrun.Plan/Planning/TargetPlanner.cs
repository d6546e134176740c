using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>Mount points in the container: made where missing, and opened.</summary>
internal static class TargetPlanner
{
    /// <summary>Makes the mount point <paramref name="destination"/> where it is missing, and opens it.</summary>
    /// <remarks>After pivot_root every path stays in the container, symbolic links included; what is left to prevent, in every call
    /// that takes a path, are magic links, which lead to descriptors of the host that are still open, and for the kernel's own file
    /// systems any link at all (CVE-2023-28642).</remarks>
    public static FdSlot Ensure(PlanContext context, string destination, bool isFile)
    {
        PlanBuilder plan = context.Builder;
        FdSlot? root = context.RootBeforePivot;
        bool noSymlinks = IsKernelPath(destination);
        for (int slash = destination.IndexOf('/', 1); slash > 0; slash = destination.IndexOf('/', slash + 1))
        {
            // In the kernel's file systems parents exist; making them anew would only be noise. Below /dev, which is csrun's own, they need not.
            if (!noSymlinks || slash == destination.Length - 1 || (slash > "/dev".Length && Below(destination, "/dev")))
            {
                plan.Child(new MkdirInRootOp(destination[..slash], 0x1ed, noSymlinks, plan.NewSlot("parent directory")) { Root = root }, "a parent of the mount point, where missing", "the mount point could not be made: ENOENT");
            }
        }

        if (isFile)
        {
            // O_EXCL: an existing file is never opened for real, so a FIFO or a device of the image cannot hold csrun up.
            // O_RDONLY: a descriptor open for writing would keep the root from becoming read-only.
            plan.Child(
                new OpenOp(root, destination, OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW, TargetResolve.For(noSymlinks, root), plan.NewSlot("new file"), 0x1a4, $"the mount point \"{destination}\"") { Tolerate = Errno.EEXIST },
                "the mount point, where missing", "a file can only be mounted on a file: ENOENT");
        }
        else
        {
            plan.Child(new MkdirInRootOp(destination, 0x1ed, noSymlinks, plan.NewSlot("parent directory")) { Root = root }, "the mount point, where missing", "an image without this directory could not be used: ENOENT");
        }

        return Open(context, destination, isFile ? 0 : OpenFlags.O_DIRECTORY);
    }

    /// <summary>Makes the working directory where it is missing, as runc and crun do: images name directories that a volume was to bring.</summary>
    /// <remarks>As the container's root, whose it is then. Not in the kernel's file systems, where nothing can be made.</remarks>
    public static void WorkingDirectory(PlanContext context, string path)
    {
        if (IsKernelPath(path))
        {
            return;
        }

        PlanBuilder plan = context.Builder;
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            Make(path[..slash]);
        }

        Make(path);
        void Make(string directory) => plan.Child(new MkdirInRootOp(directory, 0x1ed, NoSymlinks: false, plan.NewSlot("parent directory")) { Root = context.RootBeforePivot }, "the working directory, where missing", "an image without it could not be used: ENOENT");
    }

    /// <summary>Opens a mount point that is there.</summary>
    /// <param name="context">The launch.</param>
    /// <param name="destination">Its path in the container.</param>
    /// <param name="kind">O_DIRECTORY for a directory.</param>
    public static FdSlot Open(PlanContext context, string destination, OpenFlags kind = 0)
    {
        FdSlot target = context.Builder.NewSlot(destination);
        // csrun's own files in /etc cover a link of the image itself: where it points to is often nothing (systemd's resolv.conf).
        kind |= kind == 0 && destination is "/etc/hosts" or "/etc/hostname" or "/etc/resolv.conf" ? OpenFlags.O_NOFOLLOW : 0;
        context.Builder.Child(
            new OpenOp(context.RootBeforePivot, destination, OpenFlags.O_PATH | kind, TargetResolve.For(IsKernelPath(destination), context.RootBeforePivot), target, Purpose: $"the mount point \"{destination}\""),
            "the mount point, by descriptor: what it names cannot change any more", "between looking and mounting the path could be made a link, and the mount would lie somewhere else (CVE-2021-30465)");
        return target;
    }

    /// <summary>Whether a path is /proc, /sys or /dev, or below one of them.</summary>
    public static bool IsKernelPath(string path) => Below(path, "/proc") || Below(path, "/sys") || Below(path, "/dev");

    private static bool Below(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal) && (path.Length == directory.Length || path[directory.Length] == '/');
}
