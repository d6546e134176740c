using Csrun.Linux;
using Csrun.Oci;
using Csrun.Plan.Planning;
using Csrun.Plan.Requests;
using Csrun.Runtime.Host;

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
        Refuse(request.ConfigFile!, UnsupportedFeatures.Find(effective, modules: SecurityModulesProbe.For(effective)));
    }

    /// <summary>Refuses a further process likewise.</summary>
    /// <param name="source">Where it is described.</param>
    /// <param name="process">The process.</param>
    internal static void CheckProcess(string source, Process process) =>
        Refuse(source, UnsupportedFeatures.Find(process, SecurityModulesProbe.For(new Spec { Process = process })));

    private static void Refuse(string source, IReadOnlyList<ConfigMistake> found)
    {
        if (found.Count != 0)
        {
            throw new CsrunException(
                $"{source}: {found.Count} thing{(found.Count == 1 ? "" : "s")} that this csrun cannot do\n{string.Join('\n', found)}",
                "a container without them would not be the one that the configuration describes",
                "remove them from the configuration");
        }
    }

    private static Spec Effective(Spec config, RunRequest request)
    {
        if (request.Security.AppArmor is not null && config.Process is { } process)
        {
            config = config with { Process = process with { ApparmorProfile = null } };
        }

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
