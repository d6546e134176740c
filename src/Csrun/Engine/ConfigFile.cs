using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Oci;
using Csrun.Plan.Requests;
using Csrun.Plan.Specs;

namespace Csrun.Engine;

/// <summary>The configuration of <c>--config</c>: read and checked, all mistakes at once, before anything is touched.</summary>
internal static class ConfigFile
{
    /// <summary>Reads it; null when none is asked for.</summary>
    internal static Spec? Read(RunRequest request)
    {
        if (request.ConfigFile is not { } path)
        {
            return null;
        }

        byte[] json = NamedFile.Read($"--config \"{path}\"", path);
        SpecReadResult result = SpecReader.ReadAndValidate(json, path, spec => WithCommandLine(spec, request));
        if (result.Mistakes.Count != 0)
        {
            throw new CsrunException(
                $"{path}: {result.Mistakes.Count} mistake{(result.Mistakes.Count == 1 ? "" : "s")}\n{string.Join('\n', result.Mistakes)}",
                null,
                "correct them; the OCI runtime-spec, config.md and config-linux.md, says what is valid");
        }

        Terminal.Notes.Write([.. result.Warnings.Select(w => w.ToString())]);
        string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return WithAbsoluteSources(result.Spec!, directory);
    }

    /// <summary>The configuration with the sources of its bind mounts counted from its directory, the bundle.</summary>
    internal static Spec WithAbsoluteSources(Spec spec, string directory) => spec with { Mounts = [.. spec.Mounts.Select(m => WithAbsoluteSource(m, directory))] };

    /// <summary>A configuration whose root.path is a directory needs no image: that directory is run, unless an image is named by the command line or by annotation.</summary>
    internal static RunRequest WithRoot(RunRequest request, Spec? config)
    {
        if (config?.Root is not { Path.Length: > 0 } root || request.Image is not null || request.RootfsDir is not null
            || config.Annotations.ContainsKey(SpecBuilder.ImageAnnotation))
        {
            return request;
        }

        // The runtime-spec counts it from the bundle: the configuration's own directory.
        string path = Path.GetFullPath(root.Path, Path.GetDirectoryName(Path.GetFullPath(request.ConfigFile!))!);
        return Sys.StatxFollowing(path, out FileStat stat).Ok && stat.IsDirectory ? request with { RootfsDir = path } : request;
    }

    /// <summary>What the command line says in the configuration's place, so that only real mistakes are reported.</summary>
    private static Spec WithCommandLine(Spec spec, RunRequest request)
    {
        Process process = spec.Process ?? new Process();
        bool ownMaps = request.Userns is not null || request.UidMaps.Count != 0 || request.GidMaps.Count != 0;
        return spec with
        {
            OciVersion = spec.OciVersion,
            Process = process with
            {
                Args = request.Command.Count != 0 ? request.Command : process.Args,
                Cwd = request.Workdir ?? (process.Cwd.Length == 0 ? "/" : process.Cwd),
                User = request.User is not null ? new User() : process.User,
            },
            Root = spec.Root ?? new Root { Path = "rootfs" },
            Linux = ownMaps && spec.Linux is { } linux ? linux with { UidMappings = [], GidMappings = [] } : spec.Linux,
        };
    }

    // The runtime-spec leaves relative bind sources to the bundle: the configuration's own directory.
    private static Mount WithAbsoluteSource(Mount mount, string directory) =>
        mount.Source is { Length: > 0 } source && source[0] != '/' && (mount.Type == "bind" || mount.Options.Contains("bind") || mount.Options.Contains("rbind"))
            ? mount with { Source = Path.GetFullPath(source, directory) }
            : mount;
}
