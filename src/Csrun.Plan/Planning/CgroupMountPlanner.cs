using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Cgroups;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>A mount of type <c>cgroup</c> on a host with version 1: a directory for each hierarchy, in a file system in memory, as programs know it.</summary>
/// <remarks>With a cgroup namespace each is mounted anew and begins at the container's own group; without one, the group's directory of the host is bound.</remarks>
internal sealed class CgroupMountPlanner
{
    private readonly PlanContext _context;
    private readonly PlannedMount _planned;
    private readonly List<(CgroupGroup Group, FdSlot Slot)> _mounts = [];

    private CgroupMountPlanner(PlanContext context, PlannedMount planned)
    {
        _context = context;
        _planned = planned;
    }

    /// <summary>The planner for a mount, or null where the mount is no such one: without groups of version 1, cgroup2 is mounted.</summary>
    public static CgroupMountPlanner? For(PlanContext context, PlannedMount planned) =>
        planned.Mount.Type == "cgroup" && context.Request.Cgroup is { Mode: CgroupMode.V1 or CgroupMode.Hybrid } ? new CgroupMountPlanner(context, planned) : null;

    private bool OwnNamespace => _context.Has(CloneFlags.CLONE_NEWCGROUP);

    private ImmutableArray<CgroupGroup> Groups => [.. _context.Request.Cgroup!.Groups.Where(g => !g.IsV2)];

    /// <summary>Without a cgroup namespace: copies the group's directories of the host.</summary>
    public void Gather()
    {
        foreach (CgroupGroup group in OwnNamespace ? [] : Groups)
        {
            FdSlot slot = _context.Builder.NewSlot(group.Directory);
            _context.Builder.Child(new OpenTreeOp(null, group.Directory, Recursive: false, slot), "the container's own group alone: it shares the host's cgroup namespace", "the container would see no control group of its own, and programs that read their limits there would find none");
            _context.Builder.Child(new MountSetattrOp(slot, "", Recursive: false, _planned.Options.Set), "the options of the mount", "a container with root's rights could write its own limits there");
            _mounts.Add((group, slot));
        }
    }

    /// <summary>Makes the file systems.</summary>
    public void Make()
    {
        PlanBuilder plan = _context.Builder;
        FdSlot directory = plan.NewSlot("cgroup directory");
        _planned.Slot = directory;
        plan.Child(
            new NewFilesystemOp("tmpfs", [new("mode", "755")], _planned.Options.Set & ~MountAttr.MOUNT_ATTR_RDONLY, plan.NewSlot("cgroup directory context"), directory),
            "a directory for each hierarchy of control groups", "version 1 has one file system a hierarchy, and there would be no place for more than one");
        foreach (CgroupGroup group in OwnNamespace ? Groups : [])
        {
            FdSlot slot = plan.NewSlot($"cgroup {group.Hierarchy}");
            plan.Child(
                new NewFilesystemOp("cgroup", Options(group), _planned.Options.Set, plan.NewSlot($"cgroup {group.Hierarchy} context"), slot),
                "the container's part of the hierarchy: its own group is the root", "programs that read their limits in this hierarchy would find none");
            _mounts.Add((group, slot));
        }
    }

    /// <summary>Puts them into the directory, which is attached by now.</summary>
    public void Attach()
    {
        PlanBuilder plan = _context.Builder;
        FdSlot directory = _planned.Slot!.Value;
        foreach ((CgroupGroup group, FdSlot slot) in _mounts)
        {
            string name = group.MountPoint[(group.MountPoint.LastIndexOf('/') + 1)..];
            FdSlot target = plan.NewSlot($"cgroup {name} mount point");
            plan.Child(new MkdirOp(directory, name, 0x1ed), $"a mount point for {group.Hierarchy}", "there would be nothing to mount it on");
            plan.Child(new OpenOp(directory, name, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS, target), $"a mount point for {group.Hierarchy}", "there would be nothing to mount it on");
            plan.Child(new MoveMountOp(slot, target, $"{group.Hierarchy} on {_planned.Mount.Destination}/{name}"), $"{_planned.Mount.Destination}/{name} in place", "the file system would be made and never seen: it goes when its descriptor is closed");
            foreach (string controller in group.Controllers)
            {
                if (group.Controllers.Length > 1 && controller != name)
                {
                    plan.Child(new SymlinkOp(name, directory, controller), $"{controller} by its own name", "programs that look for one controller by its name would not find it");
                }
            }
        }

        if ((_planned.Options.Set & MountAttr.MOUNT_ATTR_RDONLY) != 0)
        {
            plan.Child(new MountSetattrOp(directory, "", Recursive: false, MountAttr.MOUNT_ATTR_RDONLY), "nothing more gets into it", "the container could make directories there that look like hierarchies");
        }
    }

    private static ImmutableArray<FilesystemOption> Options(CgroupGroup group)
    {
        ImmutableArray<FilesystemOption>.Builder options = ImmutableArray.CreateBuilder<FilesystemOption>();
        foreach (string word in group.Hierarchy.Split(','))
        {
            options.Add(word.StartsWith("name=", StringComparison.Ordinal) ? new FilesystemOption("name", word["name=".Length..]) : new FilesystemOption(word));
        }

        return options.ToImmutable();
    }
}
