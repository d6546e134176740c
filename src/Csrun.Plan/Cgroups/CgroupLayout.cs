using System.Collections.Immutable;

namespace Csrun.Plan.Cgroups;

/// <summary>The control groups of a host, as csrun sees them: facts, found by Csrun.Runtime.</summary>
public sealed record CgroupLayout
{
    /// <summary>A host without control groups.</summary>
    public static CgroupLayout None { get; } = new() { Mode = CgroupMode.None };

    /// <summary>How they are laid out.</summary>
    public required CgroupMode Mode { get; init; }

    /// <summary>The mounted hierarchies, in the order of the mounts.</summary>
    public ImmutableArray<CgroupHierarchy> Hierarchies { get; init; } = [];

    /// <summary>Whether systemd runs the host (sd_booted(3)).</summary>
    public bool Systemd { get; init; }

    /// <summary>Whether the caller is root of the host, whose systemd is the system's; otherwise it is the user's own.</summary>
    public bool Privileged { get; init; }

    /// <summary>Whether the caller's own systemd can be talked to; meant for a caller who is not root.</summary>
    public bool UserBus { get; init; }

    /// <summary>The version 2 hierarchy, or null.</summary>
    public CgroupHierarchy? V2 => Find(static h => h.IsV2);

    /// <summary>The hierarchy that has a controller, or null.</summary>
    /// <param name="controller">Its name in the kernel, such as <c>memory</c>.</param>
    public CgroupHierarchy? With(string controller) => Find(h => h.Controllers.Contains(controller));

    private CgroupHierarchy? Find(Func<CgroupHierarchy, bool> match)
    {
        foreach (CgroupHierarchy hierarchy in Hierarchies)
        {
            if (match(hierarchy))
            {
                return hierarchy;
            }
        }

        return null;
    }
}
