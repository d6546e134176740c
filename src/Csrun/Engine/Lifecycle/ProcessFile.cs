using Csrun.Linux;
using Csrun.Oci;

namespace Csrun.Engine.Lifecycle;

/// <summary>The file of <c>exec --process</c>: the configuration's <c>process</c> by itself (runtime-spec config.md, "Process").</summary>
internal static class ProcessFile
{
    /// <summary>Reads and checks it.</summary>
    /// <exception cref="CsrunException">Lists all mistakes at once.</exception>
    internal static Process Read(string path)
    {
        // As part of a configuration, so that the same reader and the same checks see it.
        byte[] json = [.. System.Text.Encoding.UTF8.GetBytes($"{{\"ociVersion\":\"{SpecVersion.Current}\",\"root\":{{\"path\":\"/\"}},\"process\":"), .. NamedFile.Read($"--process \"{path}\"", path), .. "}"u8];
        SpecReadResult result = SpecReader.ReadAndValidate(json, path);
        return result.Mistakes.Count == 0 && result.Spec!.Process is { } process
            ? process
            : throw new CsrunException(
                $"{path}: {result.Mistakes.Count} mistake{(result.Mistakes.Count == 1 ? "" : "s")}\n{string.Join('\n', result.Mistakes)}",
                null,
                "correct them; the OCI runtime-spec, config.md, \"Process\", says what is valid");
    }
}
