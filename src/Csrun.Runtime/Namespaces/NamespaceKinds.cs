using Csrun.Linux.Abi;

namespace Csrun.Runtime.Namespaces;

/// <summary>What is known of the kinds of namespaces.</summary>
public static class NamespaceKinds
{
    private static readonly string[] s_files = ["user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"];

    /// <summary>All kinds; the user namespace, which owns the others, first.</summary>
    public static IReadOnlyList<NamespaceKind> All { get; } =
    [
        NamespaceKind.User, NamespaceKind.Mnt, NamespaceKind.Pid, NamespaceKind.Net,
        NamespaceKind.Ipc, NamespaceKind.Uts, NamespaceKind.Cgroup, NamespaceKind.Time,
    ];

    /// <summary>The name of the kind's file in /proc/PID/ns, which is its name in <c>mnt:[4026531841]</c> too.</summary>
    public static string File(this NamespaceKind kind) => s_files[(int)kind];

    /// <summary>The kind behind a flag of clone(2), which is what NS_GET_NSTYPE answers; null for none of them.</summary>
    public static NamespaceKind? Of(CloneFlags flag) => flag switch
    {
        CloneFlags.CLONE_NEWUSER => NamespaceKind.User,
        CloneFlags.CLONE_NEWNS => NamespaceKind.Mnt,
        CloneFlags.CLONE_NEWPID => NamespaceKind.Pid,
        CloneFlags.CLONE_NEWNET => NamespaceKind.Net,
        CloneFlags.CLONE_NEWIPC => NamespaceKind.Ipc,
        CloneFlags.CLONE_NEWUTS => NamespaceKind.Uts,
        CloneFlags.CLONE_NEWCGROUP => NamespaceKind.Cgroup,
        CloneFlags.CLONE_NEWTIME => NamespaceKind.Time,
        _ => null,
    };
}
