using System.Collections.Immutable;
using Csrun.Commands;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Oci;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Runtime.Host;
using Csrun.Terminal;

namespace Csrun.Engine.Lifecycle;

/// <summary>A bundle: a directory with config.json (runtime-spec bundle.md), read and checked before anything is touched.</summary>
/// <param name="Path">The directory, absolute.</param>
/// <param name="Spec">The configuration, its bind sources absolute.</param>
/// <param name="Rootfs">The root file system's directory, absolute.</param>
/// <param name="CopiedUp">What tmpfs mounts begin with.</param>
internal sealed record Bundle(string Path, Spec Spec, string Rootfs, ImmutableArray<CopiedTree> CopiedUp)
{
    /// <summary>Modes of the directories that tmpfs mounts without mode= cover, by destination.</summary>
    internal IReadOnlyDictionary<string, uint> CoveredModes { get; private init; } = ImmutableDictionary<string, uint>.Empty;

    /// <summary>Reads it.</summary>
    /// <exception cref="CsrunException">Lists all mistakes, and all that this csrun cannot do, at once.</exception>
    /// <param name="directory">The directory as it was typed.</param>
    /// <param name="options">Where warnings go.</param>
    internal static Bundle Read(string directory, GlobalOptions options)
    {
        string path = System.IO.Path.GetFullPath(directory);
        string file = $"{path}/config.json";
        SpecReadResult result = SpecReader.ReadAndValidate(NamedFile.Read($"--bundle \"{directory}\"", file), file);
        if (result.Mistakes.Count != 0)
        {
            throw new CsrunException(
                $"{file}: {result.Mistakes.Count} mistake{(result.Mistakes.Count == 1 ? "" : "s")}\n{string.Join('\n', result.Mistakes)}",
                null,
                "correct them; the OCI runtime-spec, config.md and config-linux.md, says what is valid");
        }

        Warnings.Write(result.Warnings, options);
        Spec spec = ConfigFile.WithAbsoluteSources(result.Spec!, path);
        string rootfs = System.IO.Path.GetFullPath(spec.Root!.Path, path);
        if (!Sys.StatxFollowing(rootfs, out FileStat stat).Ok || !stat.IsDirectory)
        {
            throw new CsrunException($"{file}: $.root.path is \"{spec.Root.Path}\"", $"\"{rootfs}\" is not a directory that csrun can reach", $"ls -ld \"{rootfs}\"");
        }

        IReadOnlyDictionary<string, uint> modes = CoveredModesProbe.Probe(spec.Mounts, spec.Mounts, rootfs);
        (spec, ImmutableArray<CopiedTree> copied) = CopyUp.Resolve(spec, rootfs);
        IReadOnlyList<ConfigMistake> found = UnsupportedFeatures.Find(spec, bundle: true, SecurityModulesProbe.For(spec));
        if (found.Count != 0)
        {
            throw new CsrunException(
                $"{file}: {found.Count} thing{(found.Count == 1 ? "" : "s")} that this csrun cannot do\n{string.Join('\n', found)}",
                "a container without them would not be the one that the configuration describes",
                "remove them from the configuration");
        }

        return new Bundle(path, spec, rootfs, copied) { CoveredModes = modes };
    }
}
