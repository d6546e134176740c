using Csrun.Linux;
using Csrun.Oci;

namespace Csrun.Plan.Planning;

/// <summary>What may be mounted on /proc and below it: next to nothing, since programs and csrun itself trust what they read and write there.</summary>
/// <remarks>CVE-2019-16884, CVE-2019-19921, CVE-2025-52881. As runc, csrun takes a proc, the host's /proc as a whole, and the files that
/// lxcfs stands in for.</remarks>
internal static class ProcDestination
{
    private static readonly string[] s_files =
    [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/loadavg", "/proc/meminfo", "/proc/net/dev", "/proc/slabinfo", "/proc/stat", "/proc/swaps",
        "/proc/sys/crypto/fips_enabled", "/proc/sys/kernel/ns_last_pid", "/proc/uptime",
    ];

    /// <summary>Refuses a mount that is none of these.</summary>
    public static void Check(Mount mount)
    {
        string destination = mount.Destination.Length > 1 ? mount.Destination.TrimEnd('/') : mount.Destination;
        bool bind = mount.Type == "bind" || mount.Options.Contains("bind") || mount.Options.Contains("rbind");
        bool allowed = destination == "/proc"
            ? bind ? mount.Source == "/proc" : mount.Type == "proc"
            : !destination.StartsWith("/proc/", StringComparison.Ordinal) || (bind && s_files.Contains(destination));
        if (!allowed)
        {
            throw new CsrunException(
                $"\"{mount.Source ?? mount.Type}\" cannot be mounted at \"{mount.Destination}\"",
                "/proc is the kernel's: a file in place of one of its own would be trusted as if the kernel had written it",
                $"choose a destination outside /proc; single files of these may be: {string.Join(' ', s_files)}");
        }
    }
}
