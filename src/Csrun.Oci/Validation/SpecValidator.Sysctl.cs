namespace Csrun.Oci;

/// <content>config-linux.md, "Sysctl".</content>
public static partial class SpecValidator
{
    private static readonly string[] s_ipcSysctls =
    [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.msg_next_id", "kernel.sem", "kernel.sem_next_id",
        "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_next_id", "kernel.shm_rmid_forced",
    ];

    /// <summary>Only what belongs to a namespace of the container: any other parameter is the whole host's.</summary>
    private static void CheckSysctl(string name, string value, Spec spec, Findings found)
    {
        string path = JsonPathText.Member("$.linux.sysctl", name);
        found.NoNul(path, value);
        string dotted = Dotted(name);
        if (!IsSysctlName(dotted))
        {
            found.Mistake(path, "not the name of a kernel parameter", "write it like net.ipv4.ip_forward");
            return;
        }

        string? needed = dotted switch
        {
            _ when dotted.StartsWith("net.", StringComparison.Ordinal) => "network",
            _ when dotted.StartsWith("fs.mqueue.", StringComparison.Ordinal) => "ipc",
            "kernel.hostname" or "kernel.domainname" => "uts",
            _ when Array.IndexOf(s_ipcSysctls, dotted) >= 0 => "ipc",
            _ => null,
        };
        if (needed is null)
        {
            found.Mistake(path, "belongs to no namespace: it would change the whole host", "set it on the host instead");
        }
        else if (!HasNamespace(spec, needed))
        {
            string type = needed == "ipc" ? "an ipc" : $"a {needed}";
            found.Mistake(path, $"needs {type} namespace, else it would be the host's", $"add {{ \"type\": \"{needed}\" }} to linux.namespaces");
        }
        else if (needed == "uts")
        {
            string? field = dotted == "kernel.hostname" ? spec.Hostname : spec.Domainname;
            if (field is not null && field != value)
            {
                found.Mistake(path, $"contradicts $.{dotted["kernel.".Length..]}, {JsonPathText.Quote(field)}", "keep one of them");
            }
        }
    }

    /// <summary>
    /// The name with dots between the parts and slashes for dots inside a part, as sysctl(8) takes both
    /// <c>net.ipv4.conf.eth0/1.forwarding</c> and <c>net/ipv4/conf/eth0.1/forwarding</c>: the first of the two decides.
    /// </summary>
    private static string Dotted(string name)
    {
        int first = name.AsSpan().IndexOfAny('.', '/');
        return first < 0 || name[first] == '.'
            ? name
            : string.Create(name.Length, name, static (result, source) =>
            {
                for (int i = 0; i < source.Length; i++)
                {
                    result[i] = source[i] switch { '/' => '.', '.' => '/', char other => other };
                }
            });
    }

    /// <summary>At least two parts, none empty, and none that leads elsewhere below /proc/sys (<c>..</c> is <c>//</c> here).</summary>
    private static bool IsSysctlName(string dotted)
    {
        int parts = 0;
        foreach (Range part in dotted.AsSpan().Split('.'))
        {
            ReadOnlySpan<char> text = dotted.AsSpan()[part];
            if (text.IsEmpty || text is "/" or "//")
            {
                return false;
            }

            foreach (char c in text)
            {
                if (c is <= ' ' or '\\' or >= '\x7f')
                {
                    return false;
                }
            }

            parts++;
        }

        return parts >= 2;
    }
}
