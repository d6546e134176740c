using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Plan.Identity;

namespace Csrun.Plan.Doctor;

/// <summary>Everything that the gates are judged by: read from the host, and tried in throwaway namespaces.</summary>
/// <remarks>A file's content is null where it does not exist or cannot be read, an outcome where it was not tried.</remarks>
public sealed record DoctorFacts
{
    /// <summary>The kernel's release, as uname -r prints it.</summary>
    public string KernelRelease { get; init; } = "";

    /// <summary>The machine, as uname -m prints it.</summary>
    public string Machine { get; init; } = "x86_64";

    /// <summary>The distribution.</summary>
    public Distribution Distribution { get; init; } = Distribution.Parse(null);

    /// <summary>The caller, its subordinate IDs and the map tools.</summary>
    public required IdentityFacts Identity { get; init; }

    /// <summary>Every user of the host, as getent passwd lists them: name and user ID.</summary>
    public ImmutableArray<(string Name, uint Uid)> Users { get; init; } = [];

    /// <summary>The user namespace that a container would get; null where there is none for this caller.</summary>
    public IdentityPlan? Plan { get; init; }

    /// <summary>Why there is none.</summary>
    public CsrunException? PlanFailure { get; init; }

    /// <summary>csrun's file, for an AppArmor profile.</summary>
    public string Executable { get; init; } = "/usr/local/bin/csrun";

    /// <summary>A new user namespace.</summary>
    public ProbeOutcome? UserNamespace { get; init; }

    /// <summary>The ID maps of the plan, and becoming its root.</summary>
    public ProbeOutcome? IdMap { get; init; }

    /// <summary>setgroups(2) in it.</summary>
    public ProbeOutcome? Setgroups { get; init; }

    /// <summary>A mount namespace in it, and a tmpfs.</summary>
    public ProbeOutcome? Mount { get; init; }

    /// <summary>The other namespaces in it.</summary>
    public ProbeOutcome? Namespaces { get; init; }

    /// <summary>A fresh proc in it, with a PID namespace.</summary>
    public ProbeOutcome? Proc { get; init; }

    /// <summary>An overlay with userxattr on the file system of csrun's store.</summary>
    public ProbeOutcome? Overlay { get; init; }

    /// <summary>/proc/sys/user/max_user_namespaces.</summary>
    public string? MaxUserNamespaces { get; init; }

    /// <summary>/proc/sys/kernel/unprivileged_userns_clone (Debian's patch).</summary>
    public string? UnprivilegedUsernsClone { get; init; }

    /// <summary>/proc/sys/kernel/apparmor_restrict_unprivileged_userns (Ubuntu's patch).</summary>
    public string? ApparmorRestrict { get; init; }

    /// <summary>The security modules whose profiles and labels a configuration can name.</summary>
    public SecurityModules Modules { get; init; }

    /// <summary>/proc/self/attr/current.</summary>
    public string? SecurityLabel { get; init; }

    /// <summary>The Seccomp: field of /proc/self/status: 0 none, 2 a filter.</summary>
    public string? SeccompMode { get; init; }

    /// <summary>Mount points below /proc, of mountinfo: what hides parts of it.</summary>
    public ImmutableArray<string> ProcCovers { get; init; } = [];

    /// <summary>Signs of an outer engine, each as found.</summary>
    public ImmutableArray<string> NestingSigns { get; init; } = [];

    /// <summary>Whether this is the machine's first PID namespace and first user namespace.</summary>
    public bool InitialNamespaces { get; init; } = true;

    /// <summary>Whether libseccomp could be loaded.</summary>
    public bool LibSeccomp { get; init; } = true;

    /// <summary>Whether a libssl could be loaded.</summary>
    public bool LibSsl { get; init; } = true;

    /// <summary>/dev/fuse.</summary>
    public DeviceFacts Fuse { get; init; } = new(true, true, "");

    /// <summary>/dev/net/tun.</summary>
    public DeviceFacts Tun { get; init; } = new(true, true, "");

    /// <summary>Control groups.</summary>
    public CgroupFacts Cgroup { get; init; } = new(2, null, null, false);

    /// <summary>csrun's store.</summary>
    public StoreFacts Store { get; init; } = new("", "", 0, null);

    /// <summary>Where bindfs lies, or null.</summary>
    public string? Bindfs { get; init; }

    /// <summary>What the broker's socket answered.</summary>
    public BrokerFacts Broker { get; init; } = new("", BrokerState.Absent, null);
}
