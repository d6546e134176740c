using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>Masked and read-only paths (runtime-spec config-linux.md).</summary>
/// <remarks>A masked file is covered by the host's /dev/null, opened before the image has a say (CVE-2025-31133), a masked
/// directory by an empty read-only tmpfs.</remarks>
internal sealed class MaskPlanner(PlanContext context)
{
    private readonly PlanBuilder _plan = context.Builder;
    private readonly List<Mask> _masks = [];

    /// <summary>Copies /dev/null for each file to mask.</summary>
    public void Gather()
    {
        foreach (string path in context.Spec.Linux?.MaskedPaths ?? [])
        {
            // What /proc and /sys have, the host's have; what an image has below other paths, only the run can tell.
            bool kernelPath = TargetPlanner.IsKernelPath(path);
            PathKind kind = kernelPath ? context.Request.Facts.Kind(path) : PathKind.File;
            if (kind == PathKind.Missing)
            {
                continue;
            }

            FdSlot? source = null;
            if (kind == PathKind.File)
            {
                source = _plan.NewSlot($"/dev/null over {path}");
                _plan.Child(new OpenTreeOp(null, "/dev/null", Recursive: false, source.Value, NoFollow: true), $"what will cover {path}", "there would be nothing to cover a file with; an image's own /dev/null may be a link to anything (CVE-2025-31133)");
                // The node is the host's: where its owner is an ID of the container's, chmod(2) of the cover would reach the host.
                _plan.Child(new MountSetattrOp(source.Value, "", Recursive: false, MountAttr.MOUNT_ATTR_RDONLY), "mode and owner of the host's node stay as they are", "root of the container is root of the host here, and chmod would reach the host's own /dev/null");
            }

            _masks.Add(new Mask(path, kernelPath, kind, source));
        }
    }

    /// <summary>Makes the empty directories: one for all paths of the kernel, one for each of the image.</summary>
    public void Make()
    {
        FdSlot? shared = null;
        foreach (Mask mask in _masks)
        {
            if (!mask.KernelPath)
            {
                mask.Empty = Empty();
            }
            else if (mask.Kind == PathKind.Directory)
            {
                mask.Empty = shared ??= Empty();
            }
        }
    }

    /// <summary>Covers the masked paths and makes the read-only ones read-only.</summary>
    public void Attach()
    {
        bool sharedAttached = false;
        foreach (Mask mask in _masks)
        {
            FdSlot target = Open(mask.Path, mask.KernelPath);
            if (mask.Null is { } file)
            {
                _plan.Child(new MoveMountOp(file, target, mask.Path) { TolerateAbsence = true, TolerateKind = !mask.KernelPath }, $"{mask.Path} tells about or steers the host", "the container could read it: memory, keys, timers and hardware there are the host's, in no namespace of the container's");
            }

            if (mask.Empty is { } empty)
            {
                if (mask.KernelPath && sharedAttached)
                {
                    // A copy of the mount that is attached already.
                    empty = _plan.NewSlot("empty directory");
                    _plan.Child(new OpenTreeOp(mask.Empty, "", Recursive: false, empty), "once more the empty directory", "a mount is attached in one place only, so this path would stay uncovered");
                }

                sharedAttached |= mask.KernelPath;
                _plan.Child(new MoveMountOp(empty, target, mask.Path) { TolerateAbsence = true, TolerateKind = !mask.KernelPath }, $"{mask.Path} tells about or steers the host", "the container could read, and as root of the host write, what firmware and hardware of the host show there");
            }

            if (!mask.KernelPath)
            {
                // Either of the two has failed, for want of knowing what is there; mount_setattr fails where both have.
                FdSlot covered = Open(mask.Path, kernelPath: false);
                _plan.Child(new MountSetattrOp(covered, "", Recursive: false, MountAttr.MOUNT_ATTR_RDONLY) { TolerateAbsence = true }, $"{mask.Path} is covered now", "a path that neither the file nor the directory could cover would stay readable without anybody noticing");
            }
        }

        foreach (string path in context.Spec.Linux?.ReadonlyPaths ?? [])
        {
            bool kernelPath = TargetPlanner.IsKernelPath(path);
            if (kernelPath && context.Request.Facts.Kind(path) == PathKind.Missing)
            {
                continue;
            }

            FdSlot target = Open(path, kernelPath);
            FdSlot copy = _plan.NewSlot($"read-only {path}");
            _plan.Child(new OpenTreeOp(target, "", Recursive: true, copy) { TolerateAbsence = true }, $"a mount of {path}", "read-only is an attribute of a mount, and this path is no mount of its own");
            _plan.Child(new MountSetattrOp(copy, "", Recursive: true, MountAttr.MOUNT_ATTR_RDONLY) { TolerateAbsence = true }, "read-only", "the copy would be as writable as the path itself");
            _plan.Child(new MoveMountOp(copy, target, path) { TolerateAbsence = true }, $"{path} can be read, not written", "settings there are the host's where no namespace divides them: a container of the host's root could change the kernel of everybody");
        }
    }

    private FdSlot Empty()
    {
        FdSlot slot = _plan.NewSlot("empty directory");
        _plan.Child(
            new NewFilesystemOp("tmpfs", [new("size", "0"), new("nr_inodes", "1"), new("mode", "555")], MountAttr.MOUNT_ATTR_RDONLY | MountAttr.MOUNT_ATTR_NOSUID | MountAttr.MOUNT_ATTR_NODEV | MountAttr.MOUNT_ATTR_NOEXEC, _plan.NewSlot("tmpfs context"), slot),
            "an empty directory that covers masked ones", "there would be nothing to cover a directory with");
        return slot;
    }

    /// <summary>Opens what is to be covered; nothing there is no failure (runtime-spec), as below a volume over /sys.</summary>
    private FdSlot Open(string path, bool kernelPath)
    {
        FdSlot slot = _plan.NewSlot(path);
        _plan.Child(
            new OpenOp(null, path, kernelPath ? OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW : OpenFlags.O_PATH, TargetResolve.For(kernelPath), slot, Purpose: $"\"{path}\"") { Tolerate = Errno.ENOENT },
            $"{path}, by descriptor", "the mount would go by a path, which a link of the image could lead elsewhere (CVE-2023-28642)");
        return slot;
    }

    private sealed class Mask(string path, bool kernelPath, PathKind kind, FdSlot? nullDevice)
    {
        public string Path => path;

        public bool KernelPath => kernelPath;

        public PathKind Kind => kind;

        public FdSlot? Null => nullDevice;

        public FdSlot? Empty { get; set; }
    }
}
