namespace Csrun.Oci.Tests;

/// <summary>config.example.json at the root of the repository.</summary>
public sealed class ExampleTests
{
    private static SpecReadResult Example =>
        SpecReader.ReadAndValidate(File.ReadAllBytes(Config.RepositoryFile("config.example.json")), "config.example.json");

    [Fact]
    public void Has_no_mistake_and_no_warning()
    {
        Assert.Empty(Example.Mistakes);
        Assert.Empty(Example.Warnings);
    }

    [Fact]
    public void Has_what_its_description_says()
    {
        Spec spec = Example.Spec!;
        Assert.Equal("alpine", spec.Annotations["org.csrun.image"]);
        Assert.Equal(["id"], spec.Process!.Args);
        Assert.Equal(["user", "mount", "pid", "ipc", "uts", "network", "cgroup"], spec.Linux!.Namespaces.Select(n => n.Type));
        Assert.Equal([new(0, 100000, 65536)], spec.Linux.UidMappings);
        Assert.Equal(spec.Linux.UidMappings, spec.Linux.GidMappings);
        Assert.Equal(["/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/volume", "/scratch"], spec.Mounts.Select(m => m.Destination));
        // The host's directory has no ID map, the memory has: the example has to run for an ordinary user without a broker, too.
        Assert.Equal(["rbind", "ro", "nosuid", "nodev"], spec.Mounts[^2].Options);
        Assert.Contains("idmap", spec.Mounts[^1].Options);
        Assert.Equal([new(1000, 100000, 1)], spec.Mounts[^1].UidMappings);
        Assert.Equal(14, spec.Process.Capabilities!.Bounding.Count);
        Assert.Equal(spec.Process.Capabilities.Bounding, spec.Process.Capabilities.Effective);
        Assert.Empty(spec.Process.Capabilities.Inheritable);
    }

    [Fact]
    public void Every_top_level_block_is_explained()
    {
        string text = File.ReadAllText(Config.RepositoryFile("docs/config-example.md"));
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(Config.RepositoryFile("config.example.json")));
        foreach (System.Text.Json.JsonProperty block in json.RootElement.EnumerateObject())
        {
            Assert.Contains($"`{block.Name}`", text, StringComparison.Ordinal);
            if (block.Name is "process" or "linux")
            {
                Assert.All(block.Value.EnumerateObject(), p => Assert.Contains($"`{p.Name}`", text, StringComparison.Ordinal));
            }
        }
    }
}
