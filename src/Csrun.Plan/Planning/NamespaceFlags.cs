using Csrun.Linux.Abi;
using Csrun.Oci;

namespace Csrun.Plan.Planning;

/// <summary>The namespaces of a configuration as flags of clone3.</summary>
public static class NamespaceFlags
{
    /// <summary>The new namespaces (those without a path).</summary>
    public static CloneFlags Of(Spec spec)
    {
        CloneFlags flags = 0;
        foreach (Namespace ns in spec.Linux?.Namespaces ?? [])
        {
            if (ns.Path is null)
            {
                flags |= Of(ns.Type);
            }
        }

        return flags;
    }

    /// <summary>What clone3 has to make: the user namespace, whose maps are written while the child goes on, and the PID
    /// namespace, which only a new process can enter.</summary>
    public static CloneFlags AtClone(CloneFlags all) => all & (CloneFlags.CLONE_NEWUSER | CloneFlags.CLONE_NEWPID);

    /// <summary>What the child makes itself with unshare(2), at the same time as csrun writes the maps and makes the plan: a network
    /// namespace alone takes about a millisecond. The time namespace comes last, with its offsets.</summary>
    public static CloneFlags InChild(CloneFlags all) => all & ~AtClone(all) & ~CloneFlags.CLONE_NEWTIME;

    /// <summary>The flag of a namespace type, by the runtime-spec's name.</summary>
    public static CloneFlags Of(string type) => type switch
    {
        "user" => CloneFlags.CLONE_NEWUSER,
        "mount" => CloneFlags.CLONE_NEWNS,
        "pid" => CloneFlags.CLONE_NEWPID,
        "ipc" => CloneFlags.CLONE_NEWIPC,
        "uts" => CloneFlags.CLONE_NEWUTS,
        "network" => CloneFlags.CLONE_NEWNET,
        "cgroup" => CloneFlags.CLONE_NEWCGROUP,
        "time" => CloneFlags.CLONE_NEWTIME,
        _ => 0,
    };
}
