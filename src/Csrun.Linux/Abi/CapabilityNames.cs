using System.Collections.Immutable;

namespace Csrun.Linux.Abi;

/// <summary>The names of the capabilities, as capabilities(7) and the OCI runtime-spec (process.capabilities) write them.</summary>
public static class CapabilityNames
{
    /// <summary>How many capabilities csrun knows by name; the kernel's own count is /proc/sys/kernel/cap_last_cap plus one.</summary>
    public const int Count = (int)Capability.CAP_CHECKPOINT_RESTORE + 1;

    /// <summary>The names in the order of their numbers: <c>CAP_CHOWN</c> is 0.</summary>
    // Written out: Enum.ToString would bring reflection metadata of the enum into the launch path.
    public static ImmutableArray<string> All { get; } =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL",
        "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE",
        "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
        "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME",
        "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
        "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>The capability's name.</summary>
    public static string Name(this Capability capability) =>
        (uint)capability < Count ? All[(int)capability] : $"CAP_{(int)capability}";

    /// <summary>Reads a name as Docker does: <c>CAP_NET_ADMIN</c>, <c>net_admin</c>, any case.</summary>
    /// <returns>False when there is no capability of that name; ALL is none.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Capability capability)
    {
        ReadOnlySpan<char> bare = WithoutPrefix(text);
        for (int i = 0; i < Count; i++)
        {
            if (bare.Equals(All[i].AsSpan(4), StringComparison.OrdinalIgnoreCase))
            {
                capability = (Capability)i;
                return true;
            }
        }

        capability = default;
        return false;
    }

    /// <summary>Reads a name, or says which names are close.</summary>
    /// <param name="text">The name, with or without CAP_.</param>
    /// <param name="option">The option or JSON path it came from, for the fix line.</param>
    /// <exception cref="CsrunException">No capability has that name.</exception>
    public static Capability Parse(string text, string option = "--cap-add") =>
        TryParse(text, out Capability capability) ? capability : throw Unknown(text, option);

    internal static bool IsAll(ReadOnlySpan<char> text) =>
        text.Equals("ALL", StringComparison.OrdinalIgnoreCase) || text.Equals("CAP_ALL", StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> text) =>
        text.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;

    private static CsrunException Unknown(string text, string option)
    {
        List<string> bare = new(Count);
        foreach (string name in All)
        {
            bare.Add(name[4..]);
        }

        IReadOnlyList<string> close = CloseNames.Of(WithoutPrefix(text).ToString(), bare);
        string fix = close.Count == 0
            ? "use a name of capabilities(7): man 7 capabilities"
            : $"{option} {string.Join($"\n{option} ", close)}";
        return new CsrunException($"{option}: unknown capability \"{text}\"", "capabilities(7) has none of that name", fix);
    }
}
