using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>--config: an OCI runtime-spec configuration to start from, and the example that ships with csrun.</summary>
public sealed class ConfigTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact(Needs = Need.SubIds)]
    public void The_example_runs_for_an_ordinary_user() =>
        Assert.StartsWith("uid=0(root) gid=0(root)", Run("--config", Example(Identity.User), Host.AnyImage, "id").Succeeded().Output, StringComparison.Ordinal);

    [RootFact]
    public void The_example_runs_for_root() =>
        Assert.StartsWith(
            "uid=0(root) gid=0(root)",
            RunAs(Identity.Root, "--config", Example(Identity.Root), Host.AnyImage, "id").Succeeded().Output,
            StringComparison.Ordinal);

    [RootFact]
    public void The_examples_volume_with_idmap_shows_roots_files_as_roots_to_root()
    {
        string Owners(Action<JsonNode>? change) => RunAs(Identity.Root, "--config", Example(Identity.Root, change), Host.AnyImage, "stat", "-c", "%u:%g", "/volume", "/volume/page.md").Succeeded().Output;
        Assert.Equal("65534:65534\n65534:65534", Owners(null));
        Assert.Equal("0:0\n0:0", Owners(json => json["mounts"]!.AsArray()[^2]!["options"]!.AsArray().Add("idmap")));
    }

    [UserFact(Needs = Need.SubIds)]
    public void The_examples_memory_is_id_mapped_for_an_ordinary_user() => IsIdMapped(Identity.User);

    [RootFact]
    public void The_examples_memory_is_id_mapped_for_root() => IsIdMapped(Identity.Root);

    [RootFact]
    public void An_option_may_count_in_the_container()
    {
        string volume = Sandbox.Directory(Identity.Root);
        File.WriteAllText(Path.Combine(volume, "f"), "x");
        Tool.Check("chown", "1000:1000", Path.Combine(volume, "f"));
        string config = ConfigFile.Write(Sandbox, Identity.Root, change: json => json["mounts"]!.AsArray().Add(JsonNode.Parse(
            $$"""{"destination": "/volume", "type": "bind", "source": "{{volume}}", "options": ["rbind", "idmap=uids=@1000-0-1#@0-1-1;gids=@1000-5-1#@0-1-1"]}""")));
        RunAs(Identity.Root, "--config", config, Host.AnyImage, "stat", "-c", "%u:%g", "/volume", "/volume/f").Printed("1:1\n0:5");
    }

    [UserFact(Needs = Need.SubIds)]
    public void The_config_can_name_the_image_and_the_command() =>
        Assert.StartsWith(
            "uid=0(root) gid=0(root)",
            Run("--config", Example(Identity.User, json => json["annotations"]!["org.csrun.image"] = Host.AnyImage)).Succeeded().Output,
            StringComparison.Ordinal);

    [UserFact(Needs = Need.SubIds)]
    public void Options_win_over_the_config() =>
        Run("--config", Example(Identity.User), "--hostname", "other", "-e", "A=1", Host.AnyImage, "sh", "-c", "hostname; echo $A").Printed("other\n1");

    [UserFact(Needs = Need.SubIds)]
    public void What_the_config_says_takes_effect() =>
        Run("--config", Example(Identity.User), Host.AnyImage, "sh", "-c", "hostname; ulimit -n; echo $TERM").Printed("example\n1024\nxterm");

    // Stored as 1000, and root's inside.
    private void IsIdMapped(Identity identity)
    {
        string seen = RunAs(identity, "--config", Example(identity), Host.AnyImage, "sh", "-c", "stat -c %u:%g /scratch; touch /scratch/f && stat -c %u:%g /scratch/f; grep ' /scratch ' /proc/self/mountinfo").Succeeded().Output;
        Assert.StartsWith("0:0\n0:0\n", seen, StringComparison.Ordinal);
        Assert.Matches(",idmapped( | .* )- tmpfs tmpfs ", seen);
    }

    /// <summary>The example and the directory it mounts, where the identity can read them, with that user's own IDs in the maps.</summary>
    private string Example(Identity identity, Action<JsonNode>? change = null)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(Path.Combine(Host.Repository, "config.example.json")))!;
        Account account = Host.Of(identity);
        foreach (JsonNode? mapped in identity == Identity.Root ? [] : (JsonNode?[])[json["linux"], json["mounts"]!.AsArray()[^1]])
        {
            mapped!["uidMappings"]![0]!["hostID"] = account.SubUid;
            mapped["gidMappings"]![0]!["hostID"] = account.SubGid;
        }

        change?.Invoke(json);
        string directory = Sandbox.Directory(identity);
        Directory.CreateDirectory(Path.Combine(directory, "docs"));
        File.WriteAllText(Path.Combine(directory, "docs", "page.md"), "a page\n");
        string file = Path.Combine(directory, "config.json");
        File.WriteAllText(file, json.ToJsonString());
        return file;
    }
}
