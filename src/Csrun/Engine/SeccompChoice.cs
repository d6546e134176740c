using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Seccomp;
using Csrun.Oci;
using Csrun.Plan.Requests;
using Csrun.Plan.SeccompProfiles;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary>Which system call filter a container gets: the one asked for, the configuration's, or the default one.</summary>
internal static class SeccompChoice
{
    /// <summary>Compiles or takes from the cache; null for none.</summary>
    internal static SeccompFilter? Choose(Caller caller, RunRequest request, Spec? config, Spec spec)
    {
        CapabilitySet bounding = CapabilitySet.Parse(spec.Process?.Capabilities?.Bounding ?? [], "process.capabilities.bounding", out _);
        SeccompCache cache = new($"{caller.Roots.Data}/cache/seccomp");
        string? asked = request.Security.Seccomp;
        if (asked == "unconfined")
        {
            return null;
        }

        if (asked is not null and not "builtin")
        {
            byte[] json = NamedFile.Read($"--security-opt seccomp=\"{asked}\"", asked);
            SeccompFilter filter = cache.GetOrCompile(
                SeccompKey.OfFile(json, bounding, caller.Kernel),
                () => DockerSeccompProfile.Read(json, bounding, RuntimeInformation.ProcessArchitecture, caller.Kernel).OrThrow(asked));
            Notes.Write(filter.Notes);
            return filter;
        }

        return asked is null && config?.Linux?.Seccomp is { } configured
            ? cache.GetOrCompile(OciSeccompProfile.Convert(configured, "$.linux.seccomp").OrThrow(request.ConfigFile ?? "config.json"))
            : cache.GetOrCompileDefault(bounding, caller.Kernel);
    }
}
