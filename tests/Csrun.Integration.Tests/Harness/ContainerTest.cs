using System.Text.Json;

namespace Csrun.Integration.Tests.Harness;

/// <summary>Base of the tests of containers in the background: what a test starts is gone after it.</summary>
public abstract class ContainerTest(Sandbox sandbox) : IntegrationTest(sandbox), IDisposable
{
    private readonly List<(Identity Identity, string Id)> _started = [];

    /// <summary>csrun ARGS as the ordinary user.</summary>
    protected RunResult Csrun(params string[] args) => Sandbox.Csrun(Identity.User, args);

    /// <summary>csrun run -d ARGS as the ordinary user; the ID that it prints.</summary>
    protected string Detached(params string[] args) => DetachedAs(Identity.User, args);

    /// <summary>csrun run -d ARGS; the ID that it prints.</summary>
    protected string DetachedAs(Identity identity, params string[] args)
    {
        string id = Sandbox.Csrun(identity, ["run", "-d", .. args]).Succeeded().Output;
        Assert.Matches("^[0-9a-f]{64}$", id);
        _started.Add((identity, id));
        return id;
    }

    /// <summary>What inspect says of one container.</summary>
    protected JsonElement Inspect(string container, Identity identity = Identity.User) =>
        JsonDocument.Parse(Sandbox.Csrun(identity, "inspect", container).Succeeded().Stdout).RootElement[0];

    /// <summary>What it does now, in the runtime-spec's words.</summary>
    protected string Status(string container, Identity identity = Identity.User) => Inspect(container, identity).GetProperty("status").GetString()!;

    /// <summary>Its first process on the host.</summary>
    protected int Pid(string container, Identity identity = Identity.User) => Inspect(container, identity).GetProperty("pid").GetInt32();

    /// <summary>The csrun process that stays with it.</summary>
    protected int Supervisor(string container) =>
        int.Parse(File.ReadLines($"/proc/{Pid(container)}/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The IDs of all containers.</summary>
    protected string[] All(Identity identity = Identity.User) => Sandbox.Csrun(identity, "ps", "-aq").Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach ((Identity identity, string id) in _started)
        {
            Sandbox.Csrun(identity, "rm", "-f", id);
        }
    }
}
