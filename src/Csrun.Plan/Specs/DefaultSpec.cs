using Csrun.Oci;

namespace Csrun.Plan.Specs;

/// <summary>What a container gets when nothing else was said: what Docker gives it.</summary>
public static class DefaultSpec
{
    /// <summary>PATH, as Docker sets it.</summary>
    public const string Path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Files of /proc and /sys that tell about, or reach into, the host.</summary>
    public static IReadOnlyList<string> MaskedPaths =>
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
        "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
    ];

    /// <summary>Parts of /proc that may be read but not written.</summary>
    public static IReadOnlyList<string> ReadonlyPaths => ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    /// <summary>The file systems of a container. What a user namespace is refused of these, the planner replaces (Planning/KernelFilesystem.cs).</summary>
    public static IReadOnlyList<Mount> Mounts =>
    [
        new() { Destination = "/proc", Type = "proc", Source = "proc", Options = ["nosuid", "noexec", "nodev"] },
        new() { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "strictatime", "mode=755", "size=65536k"] },
        new() { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
        new() { Destination = "/sys", Type = "sysfs", Source = "sysfs", Options = ["nosuid", "noexec", "nodev", "ro"] },
        new() { Destination = "/sys/fs/cgroup", Type = "cgroup", Source = "cgroup", Options = ["nosuid", "noexec", "nodev", "ro"] },
        new() { Destination = "/dev/mqueue", Type = "mqueue", Source = "mqueue", Options = ["nosuid", "noexec", "nodev"] },
        new() { Destination = "/dev/shm", Type = "tmpfs", Source = "shm", Options = ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"] },
    ];

    /// <summary>The namespaces of a container.</summary>
    /// <param name="ownUser">Whether it has a user namespace of its own.</param>
    /// <param name="ownNetwork">Whether it has a network namespace of its own.</param>
    public static IReadOnlyList<Namespace> Namespaces(bool ownUser, bool ownNetwork)
    {
        List<Namespace> namespaces = new(7);
        foreach (string type in (ReadOnlySpan<string>)["user", "mount", "pid", "ipc", "uts", "network", "cgroup"])
        {
            if ((type != "user" || ownUser) && (type != "network" || ownNetwork))
            {
                namespaces.Add(new Namespace { Type = type });
            }
        }

        return namespaces;
    }
}
