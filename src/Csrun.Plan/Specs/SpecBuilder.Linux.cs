using Csrun.Linux.IdMaps;
using Csrun.Oci;
using Csrun.Plan.Requests;

namespace Csrun.Plan.Specs;

public static partial class SpecBuilder
{
    /// <summary>The maps that the configuration of <c>--config</c> asks for, when it makes a user namespace; they hold unless the command line names others.</summary>
    /// <param name="config">The configuration, or null.</param>
    public static IdMapPair? ConfiguredMaps(Spec? config) =>
        config?.Linux is { } linux && Find(linux.Namespaces, "user") is { Path: null } && (linux.UidMappings.Count != 0 || linux.GidMappings.Count != 0)
            ? new IdMapPair(Map(linux.UidMappings), Map(linux.GidMappings))
            : null;

    private static IdMap Map(IReadOnlyList<LinuxIdMapping> mappings)
    {
        IdMapping[] map = new IdMapping[mappings.Count];
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = new IdMapping(mappings[i].ContainerID, mappings[i].HostID, mappings[i].Size);
        }

        return new IdMap([.. map]);
    }

    private static LinuxConfig Linux(SpecInputs inputs)
    {
        RunRequest request = inputs.Request;
        LinuxConfig? configured = inputs.Config?.Linux;
        LinuxConfig basis = configured ?? new LinuxConfig
        {
            MaskedPaths = inputs.Caller.ThermalThrottle.Count == 0 ? DefaultSpec.MaskedPaths : [.. DefaultSpec.MaskedPaths, .. inputs.Caller.ThermalThrottle],
            ReadonlyPaths = DefaultSpec.ReadonlyPaths,
        };
        bool ownNetwork = OwnNetwork(request, inputs.Config);
        return basis with
        {
            Namespaces = configured is null ? DefaultSpec.Namespaces(inputs.Maps is not null, ownNetwork) : Namespaces(configured.Namespaces, inputs, ownNetwork),
            UidMappings = Mappings(inputs.Maps?.Uid),
            GidMappings = Mappings(inputs.Maps?.Gid),
            MaskedPaths = Masked(basis.MaskedPaths, request.Security),
            ReadonlyPaths = Unmasked(basis.ReadonlyPaths, request.Security),
            Resources = request.Limits.IsEmpty ? basis.Resources : request.Limits.Over(basis.Resources),
            Seccomp = request.Security.Seccomp == "unconfined" ? null
                : request.Security.Seccomp is not null ? inputs.Seccomp
                : configured?.Seccomp ?? inputs.Seccomp,
        };
    }

    // As configured, but for the two that the command line decides about.
    private static List<Namespace> Namespaces(IReadOnlyList<Namespace> configured, SpecInputs inputs, bool ownNetwork)
    {
        RunRequest request = inputs.Request;
        bool asked = request.Userns is not null || request.UidMaps.Count != 0 || request.GidMaps.Count != 0;
        List<Namespace> namespaces = [];
        if (inputs.Maps is not null)
        {
            namespaces.Add(new Namespace { Type = "user" });
        }
        else if (!asked && Find(configured, "user") is { Path: not null } joined)
        {
            namespaces.Add(joined);
        }

        foreach (Namespace one in configured)
        {
            if (one.Type != "user" && (one.Type != "network" || (ownNetwork && request.Network is null)))
            {
                namespaces.Add(one);
            }
        }

        if (ownNetwork && request.Network is not null)
        {
            namespaces.Add(new Namespace { Type = "network" });
        }

        return namespaces;
    }

    private static LinuxIdMapping[] Mappings(IdMap? map)
    {
        if (map is null)
        {
            return [];
        }

        LinuxIdMapping[] mappings = new LinuxIdMapping[map.Mappings.Length];
        for (int i = 0; i < mappings.Length; i++)
        {
            IdMapping one = map.Mappings[i];
            mappings[i] = new LinuxIdMapping(one.ContainerId, one.HostId, one.Size);
        }

        return mappings;
    }

    private static IReadOnlyList<string> Masked(IReadOnlyList<string> paths, SecurityOpts security)
    {
        IReadOnlyList<string> left = Unmasked(paths, security);
        return security.Mask.IsEmpty ? left : [.. left, .. security.Mask];
    }

    // unmask=/proc lifts what lies below it too.
    private static IReadOnlyList<string> Unmasked(IReadOnlyList<string> paths, SecurityOpts security)
    {
        if (security.UnmaskAll)
        {
            return [];
        }

        if (security.Unmask.IsEmpty)
        {
            return paths;
        }

        List<string> left = [];
        foreach (string path in paths)
        {
            bool lifted = false;
            foreach (string unmask in security.Unmask)
            {
                lifted |= IsAtOrBelow(path, unmask);
            }

            if (!lifted)
            {
                left.Add(path);
            }
        }

        return left;
    }

    private static bool IsAtOrBelow(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal) && (path.Length == directory.Length || path[directory.Length] == '/');
}
