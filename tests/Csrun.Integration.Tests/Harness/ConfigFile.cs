using System.Text.Json.Nodes;

namespace Csrun.Integration.Tests.Harness;

/// <summary>Configurations for --config, made from the example that ships with csrun.</summary>
public static class ConfigFile
{
    /// <summary>Writes the example without its volumes, for the identity's own IDs, with these properties of <c>linux</c>; returns its path.</summary>
    /// <param name="sandbox">The class's world.</param>
    /// <param name="identity">Whose subordinate IDs the map has, and whose file it is.</param>
    /// <param name="linux">Properties that are put into <c>linux</c>, as a JSON object.</param>
    /// <param name="change">Further changes.</param>
    public static string Write(Sandbox sandbox, Identity identity, string linux = "{}", Action<JsonObject>? change = null)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(Path.Combine(Host.Repository, "config.example.json")))!.AsObject();
        Account account = Host.Of(identity);
        JsonArray mounts = json["mounts"]!.AsArray();
        foreach (JsonNode? volume in mounts.Where(m => (string)m!["destination"]! is "/volume" or "/scratch").ToArray())
        {
            mounts.Remove(volume);
        }

        if (identity != Identity.Root)
        {
            json["linux"]!["uidMappings"]![0]!["hostID"] = account.SubUid;
            json["linux"]!["gidMappings"]![0]!["hostID"] = account.SubGid;
        }

        foreach ((string key, JsonNode? value) in JsonNode.Parse(linux)!.AsObject())
        {
            json["linux"]![key] = value!.DeepClone();
        }

        if (json["linux"]!["timeOffsets"] is not null)
        {
            json["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "time" });
        }

        change?.Invoke(json);
        string file = Path.Combine(sandbox.Directory(identity, "config"), "config.json");
        File.WriteAllText(file, json.ToJsonString());
        return file;
    }
}
