using Csrun.Linux;
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
        return Find(container) ?? throw new CsrunException(
            $"container {container.DisplayName} {purpose}",
            "it has no control group of its own: it runs in the foreground without limits, or its caller may not make one",
            "as root, or where systemd hands control groups down: csrun run -d ..., or csrun run --pids-limit 1000 ...");
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
