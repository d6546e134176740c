using System.Collections.Immutable;
using Csrun.Linux.Abi;

namespace Csrun.Plan;

/// <summary>What kind of file a path names.</summary>
public enum PathKind
{
    /// <summary>Nothing is there.</summary>
    Missing,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>Anything else.</summary>
    File,
}

/// <summary>What a plan needs to know about the host; probed once, by Csrun.Runtime.</summary>
public sealed record HostFacts
{
    /// <summary>The kernel's version, such as 6.18.</summary>
    public required Version Kernel { get; init; }

    /// <summary>The caller's effective user ID, in csrun's user namespace.</summary>
    public required uint CallerUid { get; init; }

    /// <summary>The caller's effective group ID, in csrun's user namespace.</summary>
    public required uint CallerGid { get; init; }

    /// <summary>csrun's effective capabilities, in its own user namespace.</summary>
    public required CapabilitySet Capabilities { get; init; }

    /// <summary>Whether csrun's user namespace is the host's first one.</summary>
    public required bool InitialUserNamespace { get; init; }

    /// <summary>The highest capability that the kernel knows.</summary>
    public required int LastCapability { get; init; }

    /// <summary>Signals that csrun ignores and execve would pass on.</summary>
    public required ImmutableArray<Signal> IgnoredSignals { get; init; }

    /// <summary>What the paths are that the configuration masks, makes read-only or binds, on the host.</summary>
    public required IReadOnlyDictionary<string, PathKind> Paths { get; init; }

    /// <summary>Rows of the caller's terminal, 0 when there is none.</summary>
    public ushort Rows { get; init; }

    /// <summary>Columns of the caller's terminal.</summary>
    public ushort Columns { get; init; }

    /// <summary>Who could map mounts for this caller; null where no mount asks for it, so that it was not looked for.</summary>
    public MappingMeans? Mapping { get; init; }

    /// <summary>The security modules that are active; none where the configuration asks nothing of them, so that they were not looked for.</summary>
    public SecurityModules Modules { get; init; }

    /// <summary>Whether csrun may do what only root of the host may: write any map, map mounts, make device nodes.</summary>
    public bool IsPrivileged => InitialUserNamespace && Capabilities.Contains(Capability.CAP_SYS_ADMIN);

    /// <summary>What a path is; <see cref="PathKind.Missing"/> when it was not asked about.</summary>
    public PathKind Kind(string path) => Paths.TryGetValue(path, out PathKind kind) ? kind : PathKind.Missing;
}
