using System.Collections.Immutable;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;
using Csrun.Plan.Cgroups;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Cgroups;

/// <summary>A transient scope of systemd, through busctl(1): org.freedesktop.systemd1(5).</summary>
internal static class SystemdScope
{
    private const int Patience = 10_000; // milliseconds

    private static readonly string[] s_manager = ["org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"];

    /// <summary>Has systemd make the scope around a process, and waits until the process is in it.</summary>
    /// <returns>Where the groups are.</returns>
    public static ImmutableArray<CgroupGroup> Start(CgroupPlan plan, SystemdUnit unit, int pid)
    {
        List<string> words = ["call", .. s_manager, "StartTransientUnit", "ssa(sv)a(sa(sv))", unit.Name, "replace"];
        List<UnitProperty> properties =
        [
            new("Description", "s", "container of csrun"),
            new("PIDs", "au", "1", $"{pid}"),
            new("Slice", "s", unit.Slice),
            new("Delegate", "b", "true"),
            new("DefaultDependencies", "b", "false"),
            new("CollectMode", "s", "inactive-or-failed"),
            .. plan.Properties,
        ];
        words.Add($"{properties.Count}");
        foreach (UnitProperty property in properties)
        {
            words.AddRange([property.Name, property.Signature, .. property.Values]);
        }

        words.Add("0"); // no auxiliary units
        (int code, string error) = Busctl(words, plan.UserUnit);
        if (code != 0)
        {
            throw new CsrunException($"systemd did not make the scope {unit.Name}: busctl ended with exit code {code}", error.Length == 0 ? "it said nothing" : error, $"busctl{(plan.UserUnit ? " --user" : "")} status; systemctl{(plan.UserUnit ? " --user" : "")} status {unit.Name}");
        }

        for (int waited = 0; waited < Patience; waited += 2)
        {
            if (Where(pid, plan, unit) is { IsEmpty: false } groups)
            {
                return groups;
            }

            Sys.Ppoll([], 2);
        }

        throw new CsrunException($"systemd did not move the container into {unit.Name}", $"the job took longer than {Patience / 1000} seconds", $"systemctl{(plan.UserUnit ? " --user" : "")} status {unit.Name}");
    }

    /// <summary>Has systemd move a further process into the scope (AttachProcessesToUnit, systemd 238).</summary>
    public static void Attach(string unit, bool user, int pid)
    {
        (int code, string error) = Busctl(["call", .. s_manager, "AttachProcessesToUnit", "ssau", unit, "", "1", $"{pid}"], user);
        if (code != 0)
        {
            throw new CsrunException($"systemd did not move process {pid} into {unit}: busctl ended with exit code {code}", error.Length == 0 ? "it said nothing" : error, $"systemctl{(user ? " --user" : "")} status {unit}");
        }
    }

    /// <summary>Ends the scope; one that has ended is none any more.</summary>
    public static void Stop(string unit, bool user) => Busctl(["call", .. s_manager, "StopUnit", "ss", unit, "replace"], user);

    /// <summary>The groups, once /proc/PID/cgroup says that the process is in the unit.</summary>
    private static ImmutableArray<CgroupGroup> Where(int pid, CgroupPlan plan, SystemdUnit unit)
    {
        foreach (string line in (SmallFile.Read($"/proc/{pid}/cgroup") ?? "").Split('\n'))
        {
            string[] parts = line.Split(':', 3);
            if (parts.Length == 3 && parts[1] is "" or "name=systemd" && parts[2].EndsWith($"/{unit.Name}", StringComparison.Ordinal))
            {
                return [.. plan.Groups.Select(g => g with { Path = parts[2] })];
            }
        }

        return [];
    }

    private static (int Code, string Error) Busctl(IReadOnlyList<string> words, bool user)
    {
        (SafeFd read, SafeFd write) = Sys.Pipe2();
        using (read)
        {
            Spawned? busctl;
            using (write)
            using (SafeFd nothing = Sys.Openat2(null, "/dev/null", OpenFlags.O_RDWR).FdOrThrow("openat2", "/dev/null"))
            {
                string[] environment = ["PATH=/usr/bin:/bin:/usr/sbin:/sbin", $"XDG_RUNTIME_DIR={UserBus.Directory}", $"DBUS_SESSION_BUS_ADDRESS={UserBus.Address}"];
                // "--" ends busctl's options: a unit's name may begin with a dash.
                SysResult started = Spawned.TryStart("/usr/bin/busctl", ["busctl", "--quiet", user ? "--user" : "--system", "--", .. words], environment, [nothing, nothing, write], out busctl);
                if (started.Errno == Errno.ENOENT)
                {
                    throw new CsrunException("systemd cannot be asked for a control group: there is no /usr/bin/busctl", "csrun talks to systemd through it; it is part of systemd's own package", "leave --systemd-cgroup out");
                }

                started.OrThrow("posix_spawn", "/usr/bin/busctl");
            }

            byte[] text = SmallFile.ReadAll(read, 4096) ?? [];
            return (busctl!.Wait(), Encoding.UTF8.GetString(text).Trim().Replace('\n', ' '));
        }
    }
}
