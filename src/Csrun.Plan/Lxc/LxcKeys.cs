namespace Csrun.Plan.Lxc;

/// <summary>What is known of the settings that are not taken over.</summary>
internal static class LxcKeys
{
    private static readonly (string Prefix, string Why)[] s_leftOut =
    [
        ("lxc.net.", "csrun run --network chooses the network"),
        ("lxc.cap.", "csrun's containers have Docker's capabilities: csrun run --cap-add, --cap-drop"),
        ("lxc.cgroup", "limits come from the command line"),
        ("lxc.apparmor.", "csrun loads no AppArmor profile"),
        ("lxc.selinux.", "csrun sets no SELinux label"),
        ("lxc.seccomp.", "csrun has its own filter: csrun run --security-opt seccomp=FILE"),
        ("lxc.mount.auto", "csrun mounts proc, sys and cgroup itself"),
        ("lxc.mount.fstab", "the file's lines can be written as lxc.mount.entry"),
        ("lxc.autodev", "csrun makes /dev itself"),
        ("lxc.hook.", "the programs would run with LXC's arguments"),
        ("lxc.tty.", "a terminal comes with csrun run -t"),
        ("lxc.pty.", "a terminal comes with csrun run -t"),
        ("lxc.console.", "a terminal comes with csrun run -t"),
        ("lxc.log.", "csrun --log FILE writes messages"),
        ("lxc.start.", "csrun starts nothing by itself"),
        ("lxc.monitor.", "there is no monitor"),
        ("lxc.group", "there are no groups of containers"),
        ("lxc.arch", "the machine's own architecture is run"),
        ("lxc.signal.", "signals are forwarded as they are"),
        ("lxc.prlimit.", "csrun run --ulimit"),
        ("lxc.sysctl.", "linux.sysctl of the configuration"),
        ("lxc.no_new_privs", "csrun run --security-opt no-new-privileges"),
        ("lxc.namespace.", "csrun makes new namespaces"),
        ("lxc.proc.", "/proc files of processes are csrun's to set"),
    ];

    private static readonly (string Old, string New)[] s_renamed =
    [
        ("lxc.rootfs", "lxc.rootfs.path"), ("lxc.id_map", "lxc.idmap"), ("lxc.utsname", "lxc.uts.name"), ("lxc.mount", "lxc.mount.fstab"),
        ("lxc.init_cmd", "lxc.init.cmd"), ("lxc.init_uid", "lxc.init.uid"), ("lxc.init_gid", "lxc.init.gid"), ("lxc.rootfs.backend", "a prefix of lxc.rootfs.path"),
        ("lxc.network.type", "lxc.net.0.type"),
    ];

    /// <summary>The newer name of a setting that LXC has renamed, or null.</summary>
    internal static string? Renamed(string key)
    {
        foreach ((string old, string now) in s_renamed)
        {
            if (key == old)
            {
                return now;
            }
        }

        return null;
    }

    /// <summary>Why a setting is left out.</summary>
    internal static string WhyLeftOut(string key)
    {
        foreach ((string prefix, string why) in s_leftOut)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                return why;
            }
        }

        return "csrun has no counterpart";
    }
}
