using Csrun.Linux;
using Csrun.Plan.Cgroups;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.State;

namespace Csrun.Engine;

/// <summary>The control group of a container that is there.</summary>
internal static class ContainerCgroup
{
    /// <summary>The group of a container that runs.</summary>
    /// <param name="container">The container.</param>
    /// <param name="purpose">What it is wanted for: <c>cannot be paused</c>.</param>
    /// <exception cref="CsrunException">It has ended, or has no group of its own.</exception>
    internal static ControlGroup Of(Container container, string purpose)
    {
        _ = EndOfContainer.Process(container);
        if (Find(container) is { } group)
        {
            return group;
        }

        (string why, string fix) = Cause(container);
        throw new CsrunException($"container {container.DisplayName} {purpose}", $"it has no control group of its own: {why}", fix);
    }

    private static (string Why, string Fix) Cause(Container container)
    {
        ContainerRecord record = container.Record!;
        if (record.Cgroup is { } gone)
        {
            return ($"somebody has removed \"{gone.Groups[0].Directory}\"", $"csrun stop {container.DisplayName}, and start it again");
        }

        if (!record.Detached)
        {
            return ("it runs in the foreground and was started without limits", "csrun run --pids-limit 1000 ..., or csrun run -d ...");
        }

        // As for a container that is made now: nobody has written down why it got none then.
        CgroupLayout layout = CgroupProbe.Probe(record.Spec, container.Id);
        foreach (CgroupHierarchy hierarchy in layout.Hierarchies)
        {
            if (hierarchy.Refusal is { } refusal)
            {
                return refusal.Explain(layout);
            }
        }

        return layout.Hierarchies.IsEmpty ? CgroupRefusal.NotMounted(null)
            : ("when it was started its caller might not make one, which you may now", $"csrun stop {container.DisplayName}, and start it again");
    }

    /// <summary>The group, or null.</summary>
    internal static ControlGroup? Find(Container container) => container.Record?.Cgroup is { } record ? ControlGroup.Open(record) : null;

    /// <summary>Lets a killed container end: version 1 delivers no signal to what is frozen, whatever its status was when it was looked at.</summary>
    internal static void ThawForKill(Container container)
    {
        using ControlGroup? group = Find(container);
        if (group is { IsFrozen: true })
        {
            group.Thaw();
        }
    }
}
