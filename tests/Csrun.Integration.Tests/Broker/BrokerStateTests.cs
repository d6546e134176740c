using System.Text.Json;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Broker;

/// <summary>A broker that runs, is not there, hangs, or is of another version: what doctor says of it, and what a volume that needs it does.</summary>
public sealed class BrokerStateTests(Sandbox sandbox, BrokerProcess broker) : IntegrationTest(sandbox), IClassFixture<BrokerProcess>
{
    private static Account User => Host.Of(Identity.User);

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void One_that_runs_is_named_with_its_version() => Doctor(broker.Socket, "ok", "version ", null);

    [UserFact]
    public void One_that_is_not_there_is_no_failure()
    {
        Doctor("/nowhere/broker.sock", "skip", "not there (/nowhere/broker.sock)", null);
        Refuses("/nowhere/broker.sock", "there is no broker (nothing at /nowhere/broker.sock)", "csrun broker install");
    }

    [UserFact]
    public void One_that_has_ended_left_its_socket()
    {
        string socket = Socket();
        new StrangeBroker(socket, null).Dispose();
        Assert.True(File.Exists(socket));
        Doctor(socket, "warn", "ECONNREFUSED", "csrun broker status");
        Refuses(socket, $"the broker does not run (nobody listens at {socket})", "csrun broker install");
    }

    [UserFact]
    public void One_that_hangs_is_waited_for_and_then_given_up()
    {
        string socket = Socket();
        using StrangeBroker hanging = new(socket, null);
        Doctor(socket, "warn", "nothing came back", "csrun broker status");
        Refuses(socket, "the broker does not answer", "systemctl restart csrun-broker.service");
    }

    [UserFact]
    public void One_of_another_version_that_says_so_is_quoted()
    {
        string socket = Socket();
        using StrangeBroker older = new(socket, StrangeBroker.Answer(1, 2, "this broker speaks version 0 of the protocol"));
        Doctor(socket, "warn", "this broker speaks version 0 of the protocol", "csrun broker status");
        Refuses(socket, "this broker speaks version 0 of the protocol", "of one version");
    }

    [UserFact]
    public void One_whose_answer_is_of_another_version_is_not_understood()
    {
        string socket = Socket();
        using StrangeBroker older = new(socket, StrangeBroker.Answer(0, 0, ""));
        Doctor(socket, "warn", "speaks another version", "csrun broker status");
        Refuses(socket, "speaks another version", "of one version");
    }

    private void Doctor(string socket, string status, string evidence, string? fix)
    {
        RunResult result = Sandbox.Csrun(Identity.User, ["doctor", "--json"], null, Variables(socket)).Succeeded();
        using JsonDocument report = JsonDocument.Parse(result.Stdout);
        JsonElement gate = report.RootElement.GetProperty("gates").EnumerateArray().Single(g => g.GetProperty("name").GetString() == "broker");
        Assert.Equal(status, gate.GetProperty("status").GetString());
        Assert.Contains(evidence, gate.GetProperty("evidence").GetString(), StringComparison.Ordinal);
        Assert.Equal(fix is null ? [] : [fix], gate.GetProperty("fix").EnumerateArray().Select(line => line.GetString()));
    }

    // Nothing of the container is left, and nothing was run.
    private void Refuses(string socket, params string[] words)
    {
        if (User.SubUidCount < 65536)
        {
            return; // needs a map without the caller
        }

        string volume = Sandbox.Directory(Identity.User);
        Run("--userns", $"map=0:{User.SubUid}:65536", Host.AnyImage, "true").Succeeded();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.User);
        Sandbox.Csrun(Identity.User, ["run", "--userns", $"map=0:{User.SubUid}:65536", "-v", $"{volume}:/data:idmap", Host.AnyImage, "touch", "/data/f"], null, Variables(socket))
            .Refused(125, words);
        Assert.Empty(Directory.GetFiles(volume));
        leftovers.AssertNone();
    }

    private Dictionary<string, string?> Variables(string socket) => new() { ["CSRUN_BROKER"] = socket, ["PATH"] = Sandbox.MapToolsOnly() };

    private string Socket() => Path.Combine(Sandbox.Directory(Identity.User), "broker.sock");
}
