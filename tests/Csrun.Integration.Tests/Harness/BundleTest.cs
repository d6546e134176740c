using System.Text.Json;
using System.Text.Json.Nodes;

namespace Csrun.Integration.Tests.Harness;

/// <summary>Base of the tests of create and start on bundles: what a test makes is gone after it.</summary>
public abstract class BundleTest(Sandbox sandbox) : IntegrationTest(sandbox), IDisposable
{
    private readonly List<(Identity Identity, string Id)> _made = [];

    /// <summary>Creates a container; its streams go into the files out and err of the bundle, and its input is empty.</summary>
    protected void Create(Identity identity, string bundle, string id, string options = "")
    {
        _made.Add((identity, id));
        RunResult created = Sandbox.Shell(identity, $"$CSRUN create {options} -b {bundle} {id} </dev/null >{bundle}/out 2>{bundle}/err");
        Assert.True(created.ExitCode == 0, File.ReadAllText(Path.Combine(bundle, "err")));
    }

    /// <summary>Creates, starts, waits for the end; what the command wrote.</summary>
    protected string Run(Identity identity, string bundle, string id, string options = "")
    {
        Create(identity, bundle, id, options);
        Sandbox.Csrun(identity, "start", id).Printed("");
        Ended(identity, id);
        Assert.Equal("", File.ReadAllText(Path.Combine(bundle, "err")));
        return File.ReadAllText(Path.Combine(bundle, "out"));
    }

    /// <summary>Waits until its command has ended.</summary>
    protected void Ended(Identity identity, string id)
    {
        for (int i = 0; i < 250 && State(identity, id).GetProperty("status").GetString() != "stopped"; i++)
        {
            Thread.Sleep(20);
        }
    }

    /// <summary>A directory of a bundle's root file system.</summary>
    protected static string In(string bundle, string path) => Path.Combine(bundle, "rootfs", path);

    /// <summary>What state says of it.</summary>
    protected JsonElement State(Identity identity, string id) => JsonDocument.Parse(Sandbox.Csrun(identity, "state", id).Succeeded().Stdout).RootElement;

    /// <summary>A hook that is a shell script.</summary>
    protected static JsonObject Hook(string script) => new() { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", script), ["env"] = new JsonArray("PATH=/usr/sbin:/usr/bin:/sbin:/bin") };

    /// <summary>A mount of the configuration.</summary>
    protected static JsonObject Mount(string destination, string type, string source, params string[] options) =>
        new() { ["destination"] = destination, ["type"] = type, ["source"] = source, ["options"] = new JsonArray([.. options.Select(o => (JsonNode)o)]) };

    /// <summary>The command of the configuration.</summary>
    protected static void Args(JsonObject config, params string[] args) => config["process"]!["args"] = new JsonArray([.. args.Select(a => (JsonNode)a)]);

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach ((Identity identity, string id) in _made)
        {
            Sandbox.Csrun(identity, "delete", "--force", id);
        }
    }
}
