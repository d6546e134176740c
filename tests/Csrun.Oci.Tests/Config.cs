using System.Text;

namespace Csrun.Oci.Tests;

/// <summary>Configurations for the tests.</summary>
internal static class Config
{
    /// <summary>The smallest one without a mistake.</summary>
    internal const string Minimal = """{"ociVersion":"1.2.0","process":{"user":{"uid":0,"gid":0},"args":["id"],"cwd":"/"}}""";

    internal static readonly Spec MinimalSpec = new()
    {
        OciVersion = "1.2.0",
        Process = new Process { Args = ["id"], Cwd = "/" },
    };

    internal static SpecReadResult Read(string json) => SpecReader.Read(Encoding.UTF8.GetBytes(json), "config.json");

    internal static SpecReadResult ReadAndValidate(string json) => SpecReader.ReadAndValidate(Encoding.UTF8.GetBytes(json), "config.json");

    /// <summary>The minimal configuration with more properties at the top.</summary>
    internal static string With(string properties) => Minimal[..^1] + "," + properties + "}";

    internal static Spec WithLinux(LinuxConfig linux) => MinimalSpec with { Linux = linux };

    internal static Spec WithMount(Mount mount) => MinimalSpec with { Mounts = [mount] };

    internal static Spec WithProcess(Func<Process, Process> change) => MinimalSpec with { Process = change(MinimalSpec.Process!) };

    internal static IReadOnlyList<Namespace> Namespaces(params string[] types) => [.. types.Select(type => new Namespace { Type = type })];

    /// <summary>The only mistake of a configuration.</summary>
    internal static ConfigMistake OnlyMistake(Spec spec) => Assert.Single(SpecValidator.Validate(spec));

    internal static ConfigMistake OnlyMistake(string json) => Assert.Single(ReadAndValidate(json).Mistakes);

    /// <summary>A file of the repository, whose root is the folder with runtime.sln.</summary>
    internal static string RepositoryFile(string name)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "runtime.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? throw new DirectoryNotFoundException("runtime.sln"), name);
    }
}
