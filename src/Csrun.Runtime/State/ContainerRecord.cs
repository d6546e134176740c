using System.Collections.Immutable;
using Csrun.Linux.Processes;
using Csrun.Oci;
using Csrun.Runtime.Cgroups;

namespace Csrun.Runtime.State;

/// <summary>What csrun writes down about a container: what it was made of and which process it is. docs/design/state.md.</summary>
/// <remarks>Its status is not among it: that is decided by looking at the process (<see cref="Container.Status"/>).</remarks>
public sealed record ContainerRecord
{
    /// <summary>Its ID, which is its directory's name.</summary>
    public required string Id { get; init; }

    /// <summary>The name that <c>--name</c> gave it.</summary>
    public string? Name { get; init; }

    /// <summary>The image, with its tag; null for a directory of <c>--rootfs</c>.</summary>
    public string? Image { get; init; }

    /// <summary>The digest of the image's tarball, <c>sha256:...</c>.</summary>
    public string? ImageDigest { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Its first process, PID 1 inside; the default where none was made yet.</summary>
    public ProcessIdentity Process { get; init; }

    /// <summary>Whether a csrun process stays with it and holds the lock on its directory as long as it lives. Not so for one that an engine made.</summary>
    public bool Supervised { get; init; }

    /// <summary>Whether it runs in the background.</summary>
    public bool Detached { get; init; }

    /// <summary>Whether csrun's small init is PID 1 and the command PID 2.</summary>
    public bool Init { get; init; }

    /// <summary>Whether setgroups(2) is denied in its user namespace.</summary>
    public bool DenySetgroups { get; init; }

    /// <summary>Whether its processes keep the caller's supplementary groups.</summary>
    public bool KeepGroups { get; init; }

    /// <summary>Where its system call filter comes from.</summary>
    public SeccompSource Seccomp { get; init; }

    /// <summary>The directory of the configuration, as the runtime-spec's state has it: an engine's bundle, else the container's own directory.</summary>
    public required string Bundle { get; init; }

    /// <summary>The exit code of its first process, or 128 plus the number of the signal that ended it; null as long as nobody has seen its end.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When its first process ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>What csrun found out or decided while it made it, by reverse domain names: which way a volume was mapped, for one.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Its control group; null when it shares csrun's own.</summary>
    public CgroupRecord? Cgroup { get; init; }

    /// <summary>The configuration that it was started with.</summary>
    public required Spec Spec { get; init; }
}
