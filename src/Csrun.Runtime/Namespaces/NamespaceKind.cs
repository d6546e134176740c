namespace Csrun.Runtime.Namespaces;

/// <summary>The kinds of namespaces, by the names of their files in /proc/PID/ns (namespaces(7)).</summary>
public enum NamespaceKind
{
    /// <summary>User and group IDs, capabilities, keys.</summary>
    User,

    /// <summary>Mounts.</summary>
    Mnt,

    /// <summary>Process IDs.</summary>
    Pid,

    /// <summary>Network devices, addresses, ports.</summary>
    Net,

    /// <summary>System V IPC, POSIX message queues.</summary>
    Ipc,

    /// <summary>Host name and NIS domain name.</summary>
    Uts,

    /// <summary>The root of what /proc/PID/cgroup shows.</summary>
    Cgroup,

    /// <summary>Offsets of the monotonic and the boot-time clock (Linux 5.6).</summary>
    Time,
}
