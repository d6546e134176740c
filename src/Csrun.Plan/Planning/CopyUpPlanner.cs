using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>tmpfs mounts that begin with what the root file system has at their place (the mount option <c>tmpcopyup</c>).</summary>
internal sealed class CopyUpPlanner(PlanContext context)
{
    private readonly Dictionary<CopiedTree, FdSlot> _sources = [];

    /// <summary>Opens the directories, within the root file system alone.</summary>
    public void Gather()
    {
        foreach (CopiedTree tree in context.Request.CopiedUp)
        {
            if (context.RootfsDirectory is { } rootfs)
            {
                FdSlot source = context.Builder.NewSlot($"rootfs {tree.Destination}");
                context.Builder.Child(
                    new OpenOp(rootfs, tree.Destination, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS, source, Purpose: $"\"{tree.Destination}\" of the root file system"),
                    $"what the tmpfs on {tree.Destination} is to begin with", "a link of the image could name a directory of the host, whose files the container would get");
                _sources.Add(tree, source);
            }
        }
    }

    /// <summary>Whether something is copied into a mount, which cannot be read-only before.</summary>
    public bool Fills(Mount mount) => Of(mount) is not null;

    /// <summary>Copies into a new file system.</summary>
    /// <param name="mount">The configuration's mount.</param>
    /// <param name="target">The file system.</param>
    /// <param name="set">Its attributes.</param>
    public void Fill(Mount mount, FdSlot target, MountAttr set)
    {
        if (Of(mount) is not { } tree)
        {
            return;
        }

        PlanBuilder plan = context.Builder;
        FdSlot source = _sources[tree];
        plan.Child(
            new CopyTreeOp(source, target, tree, plan.NewSlot("file"), plan.NewSlot("copy"), plan.NewSlot("owner"), plan.NewSlot("group")),
            $"tmpcopyup: {tree.Entries.Length - 1} files of the root file system, with owners, modes, times and attributes", "the tmpfs would be empty, and hide what the image has there");
        plan.Child(new CloseOp(source), "a directory of the host", "fchdir to it, and a few .., would lead out of the container");
        if ((set & MountAttr.MOUNT_ATTR_RDONLY) != 0)
        {
            plan.Child(new MountSetattrOp(target, "", Recursive: false, MountAttr.MOUNT_ATTR_RDONLY), "read-only, now that it is filled", "the container could write to a mount that is to be read-only");
        }
    }

    private CopiedTree? Of(Mount mount) => mount.Type != "tmpfs" ? null : _sources.Keys.FirstOrDefault(tree => tree.Destination == mount.Destination);
}
