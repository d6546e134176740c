using Csrun.Commands;
using Csrun.Images.Store;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Plan.Specs;
using Csrun.Runtime.Host;
using Csrun.Runtime.State;

namespace Csrun.Engine;

/// <summary>Who runs csrun, with which rights, and where its state is.</summary>
internal sealed class Caller
{
    internal Caller(GlobalOptions options)
    {
        Options = options;
        Uid = Sys.Geteuid();
        Gid = Sys.Getegid();
        Capabilities = Sys.CapgetEffective();
        InitialUserNamespace = HostFactsProbe.IsInitialUserNamespace();
        Roots = StateRoots.Find(options.Root);
        SystemdCgroup = options.SystemdCgroup;
        Store = new ImageStore(Roots.Data);
        Version version = Environment.OSVersion.Version;
        Kernel = new KernelVersion(version.Major, version.Minor);
    }

    /// <summary>What holds for every verb.</summary>
    internal GlobalOptions Options { get; }

    /// <summary>The effective user ID, in csrun's user namespace.</summary>
    internal uint Uid { get; }

    /// <summary>The effective group ID likewise.</summary>
    internal uint Gid { get; }

    /// <summary>The effective capabilities.</summary>
    internal CapabilitySet Capabilities { get; }

    /// <summary>Whether csrun is in the host's first user namespace.</summary>
    internal bool InitialUserNamespace { get; }

    /// <summary>Whether systemd makes control groups (<c>--systemd-cgroup</c>).</summary>
    internal bool SystemdCgroup { get; }

    /// <summary>Where state is kept.</summary>
    internal StateRoots Roots { get; }

    /// <summary>The images.</summary>
    internal ImageStore Store { get; }

    /// <summary>The kernel's version.</summary>
    internal KernelVersion Kernel { get; }

    /// <summary>Whether csrun may write any ID map and mount without a user namespace of the container's own.</summary>
    internal bool IsPrivileged => HasAllRights(Capabilities);

    /// <summary>Whether capabilities suffice for <see cref="IsPrivileged"/>.</summary>
    internal static bool HasAllRights(CapabilitySet capabilities) =>
        capabilities.Contains(Capability.CAP_SETUID) && capabilities.Contains(Capability.CAP_SETGID) && capabilities.Contains(Capability.CAP_SYS_ADMIN);

    /// <summary>Whether csrun may ID-map mounts of the host's file systems.</summary>
    internal bool MayIdMapMounts => InitialUserNamespace && Capabilities.Contains(Capability.CAP_SYS_ADMIN);

    /// <summary>What a specification takes from the caller.</summary>
    internal CallerFacts SpecFacts() => new()
    {
        WorkingDirectory = Environment.CurrentDirectory,
        AvailableCapabilities = IsPrivileged ? Capabilities : CapabilitySet.All,
        Term = Environment.GetEnvironmentVariable("TERM"),
        HostName = Environment.MachineName,
    };
}
