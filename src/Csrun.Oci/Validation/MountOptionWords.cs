namespace Csrun.Oci;

/// <summary>The mount options of the runtime-spec's table and of the file systems that containers usually mount.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "Linux mount options"; mount(8); the kernel's fs_parameter_spec tables.</remarks>
internal static class MountOptionWords
{
    internal static readonly string[] Flags =
    [
        "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "iversion", "lazytime", "loud", "mand",
        "noatime", "nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "nomand", "norelatime", "nostrictatime",
        "nosuid", "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime", "relatime", "remount", "rexec",
        "rnoatime", "rnodev", "rnodiratime", "rnoexec", "rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro",
        "rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave", "rstrictatime", "rsuid", "rsymfollow", "runbindable",
        "rw", "shared", "silent", "slave", "strictatime", "suid", "symfollow", "sync", "tmpcopyup", "unbindable", "idmap",
        "ridmap",
    ];

    /// <summary>Labels that any file system takes when SELinux is there.</summary>
    internal static readonly string[] Labels = ["context=", "fscontext=", "defcontext=", "rootcontext="];

    /// <summary>Options of one file system, with "=" where a value follows; null for one whose options are not checked.</summary>
    internal static string[]? DataOf(string type) => type switch
    {
        "tmpfs" => ["size=", "nr_blocks=", "nr_inodes=", "mode=", "uid=", "gid=", "huge=", "mpol=", "inode32", "inode64", "noswap", "notmpcopyup"],
        "proc" => ["hidepid=", "gid=", "subset=", "pidns="],
        "devpts" => ["newinstance", "mode=", "uid=", "gid=", "ptmxmode=", "max="],
        "sysfs" or "mqueue" => [],
        "cgroup2" => ["nsdelegate", "favordynmods", "memory_localevents", "memory_recursiveprot", "memory_hugetlb_accounting", "pids_localevents"],
        _ => null,
    };

    /// <summary>Whether two options cancel each other out.</summary>
    internal static bool Contradict(string a, string b) =>
        IsPair(a, b, "ro", "rw") || IsPair(a, b, "rro", "rrw") || IsPair(a, b, "sync", "async") || IsPair(a, b, "bind", "rbind")
        || IsPair(a, b, "idmap", "ridmap") || IsPair(a, b, "silent", "loud") || IsNegation(a, b) || IsNegation(b, a);

    private static bool IsPair(string a, string b, string x, string y) => (a == x && b == y) || (a == y && b == x);

    /// <summary>noX and X, or rnoX and rX.</summary>
    private static bool IsNegation(string no, string yes)
    {
        ReadOnlySpan<char> n = no;
        ReadOnlySpan<char> y = yes;
        return n.StartsWith("no") ? n[2..].SequenceEqual(y)
            : n.StartsWith("rno") && y.StartsWith("r") && n[3..].SequenceEqual(y[1..]);
    }
}
