using Csrun.Linux;
using Csrun.Oci;
using Csrun.Plan.Planning;
using Csrun.Plan.Requests;

namespace Csrun.Engine;

/// <summary>Refuses a configuration that asks for what csrun cannot do yet, by the names of the properties.</summary>
internal static class ConfigFeatures
{
    /// <summary>Refuses; what the command line replaces does not count.</summary>
    /// <exception cref="CsrunException">Lists everything at once.</exception>
    internal static void Check(RunRequest request, Spec? config)
    {
        if (config is null)
        {
            return;
        }

        Spec effective = Effective(config, request);
        IReadOnlyList<ConfigMistake> found = UnsupportedFeatures.Find(effective);
        if (found.Count != 0)
        {
            throw new CsrunException(
                $"{request.ConfigFile}: {found.Count} thing{(found.Count == 1 ? "" : "s")} that this csrun cannot do\n{string.Join('\n', found)}",
                "a container without them would not be the one that the configuration describes",
                "remove them from the configuration");
        }
    }

    private static Spec Effective(Spec config, RunRequest request)
    {
        if (config.Linux is not { } linux)
        {
            return config;
        }

        bool ownMaps = request.Userns is not null || request.UidMaps.Count != 0 || request.GidMaps.Count != 0;
        Namespace[] namespaces =
        [
            .. linux.Namespaces.Select(n => (n.Type == "user" && ownMaps) || (n.Type == "network" && request.Network is not null) ? n with { Path = null } : n),
        ];
        return config with { Linux = linux with { Namespaces = namespaces, Seccomp = request.Security.Seccomp is null ? linux.Seccomp : null } };
    }
}
