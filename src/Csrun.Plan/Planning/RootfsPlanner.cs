using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>The root file system: open it as the caller, make its mount as the container's root, enter it, seal it.</summary>
internal sealed class RootfsPlanner(PlanContext context)
{
    // Numbers that the overlay's options name: text is needed before the kernel hands out descriptors. High, out of the slots' way.
    private const int LowerFd = 200;
    private const int UpperFd = 201;
    private const int WorkFd = 202;

    private readonly PlanBuilder _plan = context.Builder;
    private FdSlot _lower;
    private FdSlot _mountPoint;
    private FdSlot _root;
    private readonly List<FdSlot> _ofTheHost = [];

    /// <summary>Opens what lies on the host while the process still is the caller.</summary>
    public void Gather()
    {
        switch (context.Request.Rootfs)
        {
            case LayeredRootfs layered:
                _lower = Directory(layered.Lower, "lower", "the image's tree, read-only below the container's own layer", "the tree lies in a directory of the caller alone, which the container's root may not search");
                if (context.IdMappedRootfs is { } mapped)
                {
                    _plan.Child(new MoveMountOp(mapped, _lower, $"the ID-mapped tree over {layered.Lower}"), "overlay takes lower layers from attached mounts only", "overlay would refuse the detached mount as its lower layer: EINVAL");
                    _lower = mapped;
                }

                _mountPoint = Directory(layered.LayerDirectory, "layer", "the container's own directory: writable layer, and mount point of its root", "the same: the path to it is closed to the container's root");
                break;
            case DirectoryRootfs directory:
                _mountPoint = Directory(directory.Path, "rootfs directory", "the root file system's directory", "after the change of user the path may be closed to the container's root");
                context.RootfsDirectory = _mountPoint;
                _root = _plan.NewSlot("rootfs");
                if (context.IdMappedRootfs is { } root)
                {
                    _root = root;
                }
                else
                {
                    _plan.Child(new OpenTreeOp(_mountPoint, "", Recursive: true, _root), "a mount of the directory: pivot_root wants a mount", "pivot_root would fail with EINVAL: its new root has to be a mount point");
                }

                break;
        }
    }

    /// <summary>Makes the overlay, as the container's root, whose files the writable layer's are.</summary>
    public void Make()
    {
        if (context.Request.Rootfs is not LayeredRootfs)
        {
            return;
        }

        _plan.Child(new MkdirOp(_mountPoint, "upper", 0x1ed), "what the container writes", "overlay without an upper directory is read-only");
        _plan.Child(new MkdirOp(_mountPoint, "work", 0x1c0), "overlay's scratch space, on the same file system", "overlay cannot copy a file up in one step, and refuses an upper directory without it");
        FdSlot numbered = _plan.NewSlot($"lower {LowerFd}");
        _ofTheHost.Add(numbered);
        _plan.Child(new Dup3Op(_lower, LowerFd, CloseOnExec: true, numbered), "overlay takes its layers as text: /proc/self/fd names descriptors, so no host path shows in the container's mountinfo", "the container could read in /proc/self/mountinfo where the caller's store is; and the path may be closed to its root");
        Numbered("upper", UpperFd);
        Numbered("work", WorkFd);
        _root = _plan.NewSlot("rootfs");
        FilesystemOption[] options =
        [
            new("lowerdir", $"/proc/self/fd/{LowerFd}"),
            new("upperdir", $"/proc/self/fd/{UpperFd}"),
            new("workdir", $"/proc/self/fd/{WorkFd}"),
            // The layer goes with the container, so nothing in it need reach the disk: without this (Linux 5.10), unmounting
            // syncs the file system below, 2 ms of a 9 ms run.
            new("volatile"),
            .. context.OwnUserNamespace ? new FilesystemOption[] { new("userxattr") } : [],
        ];
        _plan.Child(
            // Of a user namespace's overlay the kernel opens no device node by itself; the host root's has to be told (ADR-0020).
            new NewFilesystemOp("overlay", [.. options], context.OwnUserNamespace ? 0 : MountAttr.MOUNT_ATTR_NODEV, _plan.NewSlot("overlay context"), _root),
            context.OwnUserNamespace
                ? "image below, own layer above; userxattr because trusted xattrs are the host root's (Linux 5.11)"
                : "image below, own layer above; no device node of an image leads to the host's devices",
            "each container would need a copy of the image, or see what others write to it");
    }

    /// <summary>Puts the root where it can become one.</summary>
    public void Place()
    {
        if (!context.Has(CloneFlags.CLONE_NEWNS))
        {
            if (context.Request.Facts.Kernel < new Version(6, 15))
            {
                throw new Linux.CsrunException(
                    "$.linux.namespaces: a container without a mount namespace of its own needs Linux 6.15",
                    "older kernels take no mounts on a root that is in no namespace, and in a namespace of others the container's mounts would stay",
                    "add { \"type\": \"mount\" }");
            }

            // Linux 6.15 takes mounts on a detached tree: the container's are in no namespace then, and nothing of them shows in one that is others'.
            _plan.Child(new MountSetattrOp(_root, "", Recursive: true, 0, 0, MountFlags.MS_PRIVATE), "what is mounted below stays in this tree", "the tree is a peer of the host's mount that it was copied from: each mount of the container would show there");
            context.RootBeforePivot = _root;
            return;
        }

        _plan.Child(new MoveMountOp(_root, _mountPoint, "the root file system"), "attached, so that it can become the root", "pivot_root would fail with EINVAL: a detached mount is in no namespace");
        _plan.Child(new FchdirOp(_root), "into the new root", "\".\" in the next step would be a directory of the host");
        context.RootBeforePivot = _root;
    }

    /// <summary>Enters the root and leaves the host's file system for good.</summary>
    public void Enter()
    {
        context.RootBeforePivot = null;
        if (context.Has(CloneFlags.CLONE_NEWNS) && context.Request.NoPivot)
        {
            _plan.Child(new MoveRootOp(), "the container's root, without pivot_root, as --no-pivot asks: the host's file system stays mounted below it", "the command would run on the host's file system");
        }
        else if (context.Has(CloneFlags.CLONE_NEWNS))
        {
            _plan.Child(new PivotRootOp(), "the container's root; no path leads to the host's file system any more", "chroot alone would leave the old root mounted, and a process with CAP_SYS_CHROOT gets out of it by calling chroot again");
        }
        else
        {
            _plan.Child(new ChrootOp(_root), "the container's root: pivot_root would change it for every process of the mount namespace, which is not the container's own; nothing is above a detached tree, so .. leads nowhere", "the command would run on the host's file system");
        }

        foreach (FdSlot slot in _ofTheHost)
        {
            _plan.Child(new CloseOp(slot), "a directory of the host, from which .. leads to all of its file system", "fchdir to it, and a few .., would lead out of the container");
        }

        _plan.Child(new Dup3Op(_root, PlanContext.RootFd, CloseOnExec: true, context.Root), "csrun looks through it when the command cannot be executed", "the message would say ENOENT and not which of the command, its interpreter or its loader is missing");
    }

    /// <summary>How mounts travel between the root and other mount namespaces; after the mounts, because what is attached below a shared mount becomes shared, and an unbindable one cannot be copied to be made read-only.</summary>
    public void Propagate()
    {
        if (context.Spec.Linux?.RootfsPropagation is { Length: > 0 } propagation)
        {
            MountFlags flag = propagation switch
            {
                "shared" or "rshared" => MountFlags.MS_SHARED,
                "slave" or "rslave" => MountFlags.MS_SLAVE,
                "unbindable" or "runbindable" => MountFlags.MS_UNBINDABLE,
                _ => MountFlags.MS_PRIVATE,
            };
            _plan.Child(new MountSetattrOp(null, "/", Recursive: propagation[0] == 'r', 0, 0, flag), "the configuration's rootfsPropagation", "mounts of the container would reach no nested mount namespace, or come to it from there, against the configuration");
        }
    }

    /// <summary>Makes the root read-only, after every mount point in it has been made.</summary>
    public void Seal()
    {
        if (context.Spec.Root?.Readonly == true)
        {
            _plan.Child(new MountSetattrOp(null, "/", Recursive: false, MountAttr.MOUNT_ATTR_RDONLY), "a read-only root, now that the mount points exist", "the command could write to its root; done earlier, the mount points could not be made");
        }
    }

    /// <summary>Enters a mount namespace that exists, with the root taken along.</summary>
    public void EnterMountNamespace()
    {
        if (context.Request.Joined.FirstOrDefault(j => j.Kind == CloneFlags.CLONE_NEWNS) is not { } joined)
        {
            return;
        }

        const string Barrier = "mount namespace open";
        FdSlot slot = _plan.NewSlot(joined.Namespace.Name);
        _plan.Csrun(new PassBarrierOp(Barrier, [joined.Namespace]), "the mount namespace to enter, opened by csrun", "the child would open it by path, which may lead to another namespace by then");
        _plan.Child(new AwaitBarrierOp(Barrier, context.Control, [slot]), "the mount namespace to enter", "the child would have nothing to enter");
        _plan.Child(new EnterNamespaceOp(slot, CloneFlags.CLONE_NEWNS, joined.Path), "the mount namespace that the configuration names; last, because paths are csrun's until here", "the process would stay in csrun's");
        _plan.Child(new CloseOp(slot), "not needed any more", "a process of the container could enter the namespace through the descriptor");
        _plan.Child(new ChrootOp(context.Root), "setns has made the namespace's root the process's", "the command would run on the file system of that namespace");
    }

    private FdSlot Directory(string path, string name, string why, string without)
    {
        FdSlot slot = _plan.NewSlot(name);
        _plan.Child(new OpenOp(null, path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0, slot, Purpose: $"\"{path}\""), why, without);
        _ofTheHost.Add(slot);
        return slot;
    }

    private void Numbered(string name, int number)
    {
        FdSlot slot = _plan.NewSlot(name);
        _plan.Child(new OpenOp(_mountPoint, name, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS, slot), $"the {name} directory", "overlay's options could not name it by descriptor");
        FdSlot numbered = _plan.NewSlot($"{name} {number}");
        _plan.Child(new Dup3Op(slot, number, CloseOnExec: true, numbered), "under the number that the options name", "the option's text says a number before the kernel hands one out, and would name another file");
        _ofTheHost.Add(slot);
        _ofTheHost.Add(numbered);
    }
}
