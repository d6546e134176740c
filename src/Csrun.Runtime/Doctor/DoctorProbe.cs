using System.Runtime.InteropServices;
using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Plan.Doctor;
using Csrun.Plan.Identity;
using Csrun.Runtime.Host;
using Csrun.Runtime.Launch;

namespace Csrun.Runtime.Doctor;

/// <summary>Gathers the facts that the gates are judged by.</summary>
public static class DoctorProbe
{
    private static readonly string[] s_ssl = ["libssl.so.3", "libssl.so.1.1"];

    /// <summary>Reads the host and tries the namespaces.</summary>
    /// <param name="identity">The caller.</param>
    /// <param name="store">The directory of csrun's store, or null with <paramref name="refusal"/>.</param>
    /// <param name="refusal">Why csrun will not keep a store, or null.</param>
    public static DoctorFacts Read(IdentityFacts identity, string? store, CsrunException? refusal)
    {
        (string? name, uint uid) = (identity.CallerName, identity.CallerUid);
        identity = identity with { Taken = TakenIds.Read(uid, name) };
        string status = SmallFile.Read("/proc/self/status") ?? "";
        DoctorFacts facts = new()
        {
            Identity = identity,
            KernelRelease = SmallFile.Read("/proc/sys/kernel/osrelease")?.Trim() ?? "",
            Machine = RuntimeInformation.OSArchitecture switch { Architecture.X64 => "x86_64", Architecture.Arm64 => "aarch64", var other => other.ToString() },
            Distribution = Distribution.Parse(SmallFile.Read("/etc/os-release") ?? SmallFile.Read("/usr/lib/os-release")),
            Executable = SealedExecutable.Path ?? "/usr/local/bin/csrun",
            MaxUserNamespaces = SmallFile.Read("/proc/sys/user/max_user_namespaces"),
            UnprivilegedUsernsClone = SmallFile.Read("/proc/sys/kernel/unprivileged_userns_clone"),
            ApparmorRestrict = SmallFile.Read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
            Modules = SecurityModulesProbe.Find(),
            SecurityLabel = SmallFile.Read("/proc/self/attr/current")?.TrimEnd('\0', '\n'),
            SeccompMode = Field(status, "Seccomp:"),
            ProcCovers = Surroundings.ProcCovers(),
            NestingSigns = Surroundings.NestingSigns(),
            InitialNamespaces = Surroundings.InitialNamespaces(),
            Store = Surroundings.Store(store, refusal),
            Cgroup = Surroundings.Cgroup(uid),
            Fuse = Surroundings.Device("/dev/fuse"),
            Tun = Surroundings.Device("/dev/net/tun"),
            Bindfs = Surroundings.InPath("bindfs"),
            Users = HostUser.All(),
            Broker = identity.IsPrivileged ? new BrokerFacts("", BrokerState.Absent, null) : Surroundings.Broker(),
        };
        facts = NamespaceProbes.Try(WithPlan(facts));
        // Last: loading a library may start threads, and a clone wants none.
        return facts with
        {
            LibSeccomp = NativeLibrary.TryLoad("libseccomp.so.2", out _),
            LibSsl = Array.Exists(s_ssl, library => NativeLibrary.TryLoad(library, out _)),
        };
    }

    private static DoctorFacts WithPlan(DoctorFacts facts)
    {
        try
        {
            return facts with { Plan = IdentityPlanner.Plan(null, null, null, 0, 0, facts.Identity) };
        }
        catch (CsrunException e)
        {
            return facts with { PlanFailure = e };
        }
    }

    private static string? Field(string status, string key)
    {
        int at = status.IndexOf($"\n{key}", StringComparison.Ordinal);
        return at < 0 ? null : status[(at + key.Length + 1)..].Split('\n')[0].Trim();
    }
}
