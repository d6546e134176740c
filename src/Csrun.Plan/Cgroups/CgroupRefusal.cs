using Csrun.Linux.Abi;

namespace Csrun.Plan.Cgroups;

/// <summary>Why csrun may not make a group in a hierarchy: what the kernel answered, and about which directory.</summary>
/// <param name="Errno">EACCES, EROFS.</param>
/// <param name="Directory">The host's directory that would have to be written to.</param>
public sealed record CgroupRefusal(Errno Errno, string Directory)
{
    /// <summary>The cause, and what helps.</summary>
    /// <param name="layout">The host.</param>
    public (string Why, string Fix) Explain(CgroupLayout layout) => Errno switch
    {
        Errno.EROFS => (
            $"\"{Directory}\" is mounted read-only",
            layout.Privileged ? $"mount -o remount,rw {MountPoint(layout)}" : "start csrun outside the container that it runs in, or have that one started with its control groups writable"),
        Errno.EACCES or Errno.EPERM => (
            layout.Mode == CgroupMode.Unified
                ? $"the caller may not write to \"{Directory}\": its own control group was not handed down to it"
                : $"the caller may not write to \"{Directory}\"",
            Way(layout, Directory)),
        _ => ($"\"{Directory}\": {Errno} ({Errno.Describe()})", $"ls -ld {Directory}"),
    };

    /// <summary>The cause where there is no hierarchy to make a group in.</summary>
    /// <param name="controller">The controller that is wanted; null for any.</param>
    public static (string Why, string Fix) NotMounted(string? controller) => controller is null
        ? ("no control groups are mounted below /sys/fs/cgroup", "mount -t cgroup2 none /sys/fs/cgroup, as root")
        : ($"no hierarchy with the controller \"{controller}\" is mounted below /sys/fs/cgroup", $"grep {controller} /proc/cgroups says whether the kernel has it");

    private string MountPoint(CgroupLayout layout)
    {
        foreach (CgroupHierarchy hierarchy in layout.Hierarchies)
        {
            if (Directory == hierarchy.MountPoint || Directory.StartsWith(hierarchy.MountPoint + "/", StringComparison.Ordinal))
            {
                return hierarchy.MountPoint;
            }
        }

        return "/sys/fs/cgroup";
    }

    private static string Way(CgroupLayout layout, string directory) => layout switch
    {
        { Privileged: true } => $"ls -ld {directory}; csrun needs CAP_DAC_OVERRIDE for a directory of another user's",
        { Mode: CgroupMode.Unified, Systemd: true } => "log in through systemd (loginctl enable-linger $USER; machinectl shell $USER@), which hands cpu, memory and pids down",
        { Mode: CgroupMode.Unified } => "sudo mkdir /sys/fs/cgroup/$USER && sudo chown -R $USER /sys/fs/cgroup/$USER, and start csrun in it",
        _ => "run csrun as root, or boot with systemd.unified_cgroup_hierarchy=1: only version 2 can be handed down to users",
    };
}
