using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Oci;
using Csrun.Plan.Planning;

namespace Csrun.Plan.Cgroups;

/// <summary>Decides a container's control group; pure. docs/design/cgroups.md.</summary>
public static class CgroupPlanner
{
    /// <summary>Whether a container needs the host's control groups looked at: when it asks for limits, a path, or device rules that csrun may set.</summary>
    /// <param name="spec">The container.</param>
    /// <param name="privileged">Whether csrun is root of the host.</param>
    public static bool Asks(Spec spec, bool privileged) =>
        !string.IsNullOrEmpty(spec.Linux?.CgroupsPath) || CgroupResources.AsksForLimits(spec.Linux?.Resources)
        || (privileged && spec.Linux?.Resources is { Devices.Count: > 0 });

    /// <summary>The path of the group: the configuration's, or csrun's choice.</summary>
    /// <param name="spec">The container.</param>
    /// <param name="containerId">Its ID.</param>
    /// <param name="layout">The host.</param>
    /// <remarks>csrun's own choice lies in the caller's group, so that the caller's limits hold for the container, too; where version 2
    /// forbids that, as root in a group of its own.</remarks>
    public static string PathOf(Spec spec, string containerId, CgroupLayout layout) => spec.Linux?.CgroupsPath is { Length: > 0 } path
        ? path
        : layout is { Mode: CgroupMode.Unified, Privileged: true } ? $"/csrun/{containerId}" : $"csrun-{containerId}";

    /// <summary>Makes the plan.</summary>
    /// <returns>Null: the container stays in csrun's own group.</returns>
    /// <exception cref="CsrunException">Something is asked for that this host or this caller cannot do; all of it at once.</exception>
    public static CgroupPlan? Plan(CgroupRequest request)
    {
        Resources? resources = request.Spec.Linux?.Resources;
        bool limits = CgroupResources.AsksForLimits(resources);
        bool asked = limits || !string.IsNullOrEmpty(request.Spec.Linux?.CgroupsPath) || request.SystemdCgroup;
        bool ownUsers = (NamespaceFlags.Of(request.Spec) & CloneFlags.CLONE_NEWUSER) != 0;
        bool keepDevices = request.Layout.Privileged && (!ownUsers || resources is { Devices.Count: > 0 });
        if (!asked && !request.Wished && !(keepDevices && resources is { Devices.Count: > 0 }))
        {
            return null;
        }

        CgroupLayout layout = request.Layout;
        ImmutableArray<CgroupWrite> writes = CgroupResources.Writes(resources, layout, CgroupPresent.New, out IReadOnlyList<ConfigMistake> refused);
        DeviceRuleSet devices = DeviceRuleSet.Of(resources?.Devices ?? [], out IReadOnlyList<ConfigMistake> rules);
        Refuse([.. refused, .. rules]);
        bool systemd = request.SystemdCgroup || PreferSystemd(request);
        if (request.SystemdCgroup && !(layout.Systemd && (layout.Privileged || layout.UserBus)))
        {
            throw new CsrunException(
                "--systemd-cgroup: systemd cannot make the control group",
                layout.Systemd ? "the caller has no systemd of its own: $XDG_RUNTIME_DIR/bus is not there" : "this host was not started by systemd: /run/systemd/system is not there",
                layout.Systemd ? "loginctl enable-linger $USER, and log in again" : "leave --systemd-cgroup out");
        }

        CgroupPlan plan = systemd ? OfSystemd(request, resources) : OfDirectories(request);
        Refuse(Missing(writes, plan, layout));
        return plan.Groups.IsEmpty ? null : plan with
        {
            Writes = writes,
            Asked = asked,
            Devices = keepDevices && plan.Groups.Any(g => g.Controllers.Contains("devices") || layout.Mode == CgroupMode.Unified) ? devices : null,
        };
    }

    /// <summary>An ordinary user has directories of cgroups where systemd hands them down, which is below its own systemd, not where a login shell is.</summary>
    private static bool PreferSystemd(CgroupRequest request) =>
        request.Layout is { Mode: CgroupMode.Unified, Privileged: false, Systemd: true, UserBus: true, V2: { CanMake: false } } && string.IsNullOrEmpty(request.Spec.Linux?.CgroupsPath);

    private static CgroupPlan OfDirectories(CgroupRequest request)
    {
        string path = PathOf(request.Spec, request.ContainerId, request.Layout);
        if (CgroupPath.IsRoot(path))
        {
            throw new CsrunException($"{CgroupPath.JsonPath} \"{path}\"", "it is the root of the control groups, whose limits would be the host's own", "name a group of its own, such as /csrun/box");
        }

        ImmutableArray<CgroupGroup>.Builder groups = ImmutableArray.CreateBuilder<CgroupGroup>();
        foreach (CgroupHierarchy hierarchy in request.Layout.Hierarchies)
        {
            if (hierarchy.CanMake)
            {
                groups.Add(new CgroupGroup(hierarchy.Name, hierarchy.Controllers, hierarchy.MountPoint, CgroupPath.Resolve(path, hierarchy, request.Layout.Mode)));
            }
        }

        return new CgroupPlan { Driver = CgroupDriver.Cgroupfs, Mode = request.Layout.Mode, Groups = groups.ToImmutable(), Asked = false };
    }

    private static CgroupPlan OfSystemd(CgroupRequest request, Resources? resources)
    {
        CgroupLayout layout = request.Layout;
        SystemdUnit unit = SystemdUnit.Parse(request.Spec.Linux?.CgroupsPath, request.ContainerId, !layout.Privileged);
        string path = $"{(unit.SlicePath == "/" ? "" : unit.SlicePath)}/{unit.Name}";
        ImmutableArray<CgroupGroup>.Builder groups = ImmutableArray.CreateBuilder<CgroupGroup>();
        foreach (CgroupHierarchy hierarchy in layout.Hierarchies)
        {
            groups.Add(new CgroupGroup(hierarchy.Name, hierarchy.Controllers, hierarchy.MountPoint, path));
        }

        return new CgroupPlan
        {
            Driver = CgroupDriver.Systemd,
            Mode = layout.Mode,
            Groups = groups.ToImmutable(),
            Unit = unit,
            UserUnit = !layout.Privileged,
            Properties = UnitProperties.Of(resources, layout.Mode == CgroupMode.Unified),
            Asked = false,
        };
    }

    /// <summary>The writes whose group csrun may not make.</summary>
    private static List<ConfigMistake> Missing(ImmutableArray<CgroupWrite> writes, CgroupPlan plan, CgroupLayout layout)
    {
        List<ConfigMistake> missing = [];
        foreach (CgroupWrite write in writes)
        {
            bool there = plan.Groups.Any(g => g.Controllers.Contains(write.Controller) || (g.IsV2 && write.Controller == "cgroup"));
            if (!there && !missing.Exists(m => m.JsonPath == write.JsonPath))
            {
                (string why, string fix) = layout.With(write.Controller)?.Refusal is { } refusal ? refusal.Explain(layout)
                    : (write.Controller == "cgroup" || layout.Mode == CgroupMode.Unified) && layout.V2?.Refusal is { } unified ? unified.Explain(layout)
                    : CgroupRefusal.NotMounted(write.Controller);
                missing.Add(new ConfigMistake(write.JsonPath, why, fix));
            }
        }

        return missing;
    }

    private static void Refuse(List<ConfigMistake> mistakes)
    {
        if (mistakes.Count != 0)
        {
            throw new CsrunException(
                $"{mistakes.Count} limit{(mistakes.Count == 1 ? "" : "s")} that cannot be set here\n{string.Join('\n', mistakes)}",
                "a container without them would not be the one that was asked for",
                mistakes[0].Fix);
        }
    }
}
