using System.Text.Json.Nodes;

namespace Csrun.Integration.Tests.Harness;

/// <summary>OCI bundles for the tests of the verbs that engines call.</summary>
public static class Bundles
{
    private const string Config = """
        {
          "ociVersion": "1.2.0",
          "process": {
            "user": { "uid": 0, "gid": 0 }, "args": ["sleep", "1000"], "cwd": "/",
            "env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
            "capabilities": { "bounding": ["CAP_KILL"], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"] },
            "noNewPrivileges": true
          },
          "root": { "path": "rootfs" },
          "hostname": "bundled",
          "mounts": [
            { "destination": "/proc", "type": "proc", "source": "proc" },
            { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"] },
            { "destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] }
          ],
          "linux": {
            "namespaces": [ { "type": "pid" }, { "type": "mount" }, { "type": "ipc" }, { "type": "uts" }, { "type": "network" } ],
            "maskedPaths": ["/proc/kcore"], "readonlyPaths": ["/proc/sys"]
          },
          "annotations": { "org.example.key": "value" }
        }
        """;

    /// <summary>A new bundle of an identity's own: for root without a user namespace, for others with a map of their own ID alone.</summary>
    /// <param name="sandbox">Where it is made.</param>
    /// <param name="identity">Whose it is.</param>
    /// <param name="change">Changes of the configuration.</param>
    /// <returns>Its directory.</returns>
    public static string Make(Sandbox sandbox, Identity identity, Action<JsonObject>? change = null)
    {
        string directory = sandbox.Directory(identity, "bundle");
        Directory.CreateSymbolicLink(Path.Combine(directory, "rootfs"), TestRootfs.Make(sandbox, identity));
        JsonObject config = JsonNode.Parse(Config)!.AsObject();
        if (identity != Identity.Root)
        {
            Account account = Host.Of(identity);
            JsonObject linux = config["linux"]!.AsObject();
            linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
            linux["uidMappings"] = Map(account.Uid);
            linux["gidMappings"] = Map(account.Gid);
        }

        change?.Invoke(config);
        File.WriteAllText(Path.Combine(directory, "config.json"), config.ToJsonString());
        return directory;
    }

    private static JsonArray Map(int id) => [new JsonObject { ["containerID"] = 0, ["hostID"] = id, ["size"] = 1 }];
}
