using Csrun.Linux;
using Csrun.Linux.IdMaps;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Cgroups;

/// <summary>Where the caller's own systemd listens.</summary>
internal static class UserBus
{
    /// <summary>$XDG_RUNTIME_DIR, else where pam_systemd(8) makes it. Rootless podman calls csrun as root of a user namespace: the directory is named
    /// after the user on the host.</summary>
    public static string Directory
    {
        get
        {
            uint uid = Sys.Geteuid();
            return Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } directory
                ? directory
                : $"/run/user/{IdMap.ParseProcFile(SmallFile.Read("/proc/self/uid_map") ?? "").ToHost(uid) ?? uid}";
        }
    }

    /// <summary>The address, as DBUS_SESSION_BUS_ADDRESS has it.</summary>
    public static string Address => Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS") is { Length: > 0 } address ? address : $"unix:path={Directory}/bus";

    /// <summary>Whether somebody listens there.</summary>
    public static bool Exists => Sys.Statx(null, $"{Directory}/bus", out _).Ok;
}
