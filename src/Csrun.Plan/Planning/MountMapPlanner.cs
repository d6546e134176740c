using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>Describes what <c>csrun idmap mount</c> does; pure.</summary>
/// <remarks>csrun makes these calls itself. That they are these, a test sees with strace(1).</remarks>
public static class MountMapPlanner
{
    /// <summary>Makes the plan.</summary>
    /// <param name="source">The directory or file to show once more.</param>
    /// <param name="target">Where.</param>
    /// <param name="maps">The maps; null: those of <paramref name="userNamespace"/>.</param>
    /// <param name="userNamespace">The path of a user namespace, such as /proc/PID/ns/user; null: one is made for the maps.</param>
    /// <param name="recursive">Whether the mounts below come along, mapped as well.</param>
    /// <param name="options">The mount's options.</param>
    /// <param name="clear">Attributes to clear.</param>
    public static LaunchPlan Plan(string source, string target, IdMapPair? maps, string? userNamespace, bool recursive, MountOptions options, MountAttr clear)
    {
        PlanBuilder plan = new();
        FdSlot userns = plan.NewSlot("user namespace"), from = plan.NewSlot("source"), onto = plan.NewSlot("target"), tree = plan.NewSlot("mount");
        if (userNamespace is not null)
        {
            Own(new OpenOp(null, userNamespace, OpenFlags.O_RDONLY, 0, userns), "the user namespace whose map is taken", "the kernel takes the map of a mount from a user namespace only: there is no call that takes numbers");
        }

        Own(new OpenOp(null, source, OpenFlags.O_PATH, 0, from, Purpose: $"\"{source}\""), "what is to be shown with other owners", "the path could lead somewhere else by the time it is mounted");
        Own(new OpenOp(null, target, OpenFlags.O_PATH, 0, onto, Purpose: $"\"{target}\""), "where it is to be shown", "the path could lead somewhere else by the time it is mounted");
        Own(new OpenTreeOp(from, "", recursive, tree), "a mount of it that is attached nowhere yet", "the map would change the mount that everybody uses, and the kernel refuses that once it is attached");
        if (maps is not null)
        {
            plan.Csrun(new CloneOp(CloneFlags.CLONE_NEWUSER), "a process that does nothing but have a new user namespace, for a moment", "the kernel takes the map of a mount from a user namespace only: there is no call that takes numbers");
            plan.Csrun(new WriteIdMapsOp(maps.Uid.Mappings, maps.Gid.Mappings, MapWriterKind.Direct, DenySetgroups: false), "what is on disk, and what it shows as: the first number of a line is the ID on disk", "a user namespace without maps has no ID at all: no file of the mount would have an owner");
            Own(new OpenOp(null, "/proc/PID/ns/user", OpenFlags.O_RDONLY, 0, userns), "the user namespace; the process ends, this descriptor keeps it", "the namespace would end with its process");
        }

        Own(new MountSetattrOp(tree, "", recursive, options.Set | MountAttr.MOUNT_ATTR_IDMAP, clear, options.Propagation, userns), "the map, and the options that were asked for, on all of it or on nothing", "it would be a plain bind mount, with the owners as they are on disk");
        Own(new MoveMountOp(tree, onto, $"{source} on {target}"), "in place", "the mount would end with csrun");
        return new LaunchPlan { Namespaces = 0, Steps = plan.Steps, InheritedControl = default };

        void Own(KernelOp call, string why, string without) => plan.Csrun(new OwnCallOp(call), why, without);
    }
}
