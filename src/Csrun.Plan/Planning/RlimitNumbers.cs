namespace Csrun.Plan.Planning;

/// <summary>Numbers of the resource limits (asm-generic/resource.h), the same on x86-64 and arm64.</summary>
internal static class RlimitNumbers
{
    private static readonly string[] s_names =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ];

    public static int Of(string name)
    {
        int index = Array.IndexOf(s_names, name);
        return index >= 0 ? index : throw new Linux.CsrunException($"unknown resource limit \"{name}\"");
    }
}
