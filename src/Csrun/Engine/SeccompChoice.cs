using System.Runtime.InteropServices;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Seccomp;
using Csrun.Oci;
using Csrun.Plan.Requests;
using Csrun.Plan.SeccompProfiles;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary>Which system call filter a container gets: the one asked for, the configuration's, or the default one.</summary>
internal static class SeccompChoice
{
    private const string ProfileName = "seccomp.json";

    /// <summary>Compiles or takes from the cache.</summary>
    internal static SeccompDecision Choose(Caller caller, RunRequest request, Spec? config, Spec spec)
    {
        string? asked = request.Security.Seccomp;
        if (asked == "unconfined")
        {
            return new SeccompDecision(SeccompSource.Unconfined, null);
        }

        if (asked is not null and not "builtin")
        {
            byte[] json = NamedFile.Read($"--security-opt seccomp=\"{asked}\"", asked);
            return new SeccompDecision(SeccompSource.Profile, OfProfile(caller, json, asked, spec), json);
        }

        return asked is null && config?.Linux?.Seccomp is { } configured
            ? new SeccompDecision(SeccompSource.Config, Cache(caller).GetOrCompile(OciSeccompProfile.Convert(configured, "$.linux.seccomp").OrThrow(request.ConfigFile ?? "config.json")))
            : new SeccompDecision(SeccompSource.Default, Cache(caller).GetOrCompileDefault(Bounding(spec), caller.Kernel));
    }

    /// <summary>The filter of a configuration; null when it has none: an engine's word is the last one.</summary>
    internal static SeccompFilter? OfConfiguration(Caller caller, Spec spec, string file) =>
        spec.Linux?.Seccomp is { } configured ? Cache(caller).GetOrCompile(OciSeccompProfile.Convert(configured, "$.linux.seccomp").OrThrow(file)) : null;

    /// <summary>Lays a copy of the profile into the container's directory, for further processes in it: the file may change or go.</summary>
    internal static void Keep(ContainerDirectory container, SeccompDecision decision)
    {
        if (decision.Profile is { } json)
        {
            using SafeFd file = Sys.Openat2(container.Directory, ProfileName, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW, 0x180).FdOrThrow("openat2", ProfileName);
            for (ReadOnlySpan<byte> rest = json; !rest.IsEmpty;)
            {
                rest = rest[(int)Sys.Write(file, rest).OrThrow("write", ProfileName)..];
            }
        }
    }

    /// <summary>The filter of a container that is there, for a further process in it; null for none.</summary>
    internal static SeccompFilter? OfContainer(Caller caller, Container container, ContainerRecord record) => record.Seccomp switch
    {
        SeccompSource.Unconfined => null,
        SeccompSource.Profile => OfProfile(caller, NamedFile.Read("the container's seccomp profile", $"{container.Path}/{ProfileName}"), ProfileName, record.Spec),
        SeccompSource.Config when record.Spec.Linux?.Seccomp is { } configured => Cache(caller).GetOrCompile(OciSeccompProfile.Convert(configured, "$.linux.seccomp").OrThrow("config.json")),
        _ => Cache(caller).GetOrCompileDefault(Bounding(record.Spec), caller.Kernel),
    };

    private static SeccompFilter OfProfile(Caller caller, byte[] json, string name, Spec spec)
    {
        CapabilitySet bounding = Bounding(spec);
        SeccompFilter filter = Cache(caller).GetOrCompile(
            SeccompKey.OfFile(json, bounding, caller.Kernel),
            () => DockerSeccompProfile.Read(json, bounding, RuntimeInformation.ProcessArchitecture, caller.Kernel).OrThrow(name));
        Notes.Write(filter.Notes);
        return filter;
    }

    private static SeccompCache Cache(Caller caller) => new($"{caller.Roots.Data}/cache/seccomp");

    private static CapabilitySet Bounding(Spec spec) => CapabilitySet.Known(spec.Process?.Capabilities?.Bounding ?? []);
}
