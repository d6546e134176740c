using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Bundle;

/// <summary>linux.netDevices: interfaces go into the container; the interfaces are of a network namespace of the test's own.</summary>
public sealed class NetDeviceTests(Sandbox sandbox) : BundleTest(sandbox)
{
    private const string Make = "ip link set lo up; ip link add nd0 type veth peer name nd1; ip address add 10.9.0.1/24 dev nd0; ip address add fd00::9/64 dev nd0 nodad; ip link set nd0 up; ip link set nd1 up; ";
    private const string Names = "ip -o link | sed 's/[0-9]*: \\([^:@]*\\).*/\\1/' | sort | tr '\\n' ' '";

    [RootFact]
    public void A_device_comes_with_its_global_addresses_under_its_new_name_and_up() => Moves("eth5", _ => { });

    [RootFact]
    public void A_device_comes_into_the_network_namespace_of_a_user_namespace() => Moves("eth5", config =>
    {
        JsonObject linux = config["linux"]!.AsObject();
        linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
        foreach (string map in (string[])["uidMappings", "gidMappings"])
        {
            linux[map] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 0, ["size"] = 1000 });
        }
    });

    [RootFact]
    public void A_launch_that_fails_gives_the_device_back()
    {
        string bundle = Bundle("nd0", config => config["hooks"] = new JsonObject { ["createRuntime"] = new JsonArray(Hook("exit 3")) });
        RunResult result = InNamespace($"{Make} $CSRUN create -b {bundle} fails < /dev/null; {Names}; ip -o address show dev nd0 | grep -c -e 10.9.0.1/24 -e fd00::9/64; ip -o link show up dev nd0 | wc -l");
        Assert.Equal("lo nd0 nd1 2\n1", result.Output);
        Assert.Contains("$.hooks.createRuntime[0]", result.Stderr, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_name_that_is_taken_and_a_device_that_is_not_there_are_refused()
    {
        RunResult result = InNamespace($"{Make} $CSRUN create -b {Bundle("lo", _ => { })} taken < /dev/null; ip -o link show up dev nd0 | wc -l; ip link delete nd0; $CSRUN create -b {Bundle("lo", _ => { })} missing < /dev/null; $CSRUN list -q");
        Assert.Equal("1", result.Output);
        Assert.Contains("has an interface \"lo\" already", result.Stderr, StringComparison.Ordinal);
        Assert.Contains("$.linux.netDevices[\"nd0\"]: there is no such interface", result.Stderr, StringComparison.Ordinal);
    }

    [UserFact]
    public void An_ordinary_user_is_told_who_may() =>
        Sandbox.Csrun(Identity.User, "create", "-b", Bundles.Make(Sandbox, Identity.User, config => config["linux"]!["netDevices"] = new JsonObject { ["lo"] = new JsonObject() }), "user")
            .Refused(125, "$.linux.netDevices[\"lo\"]", "CAP_NET_ADMIN");

    private void Moves(string name, Action<JsonObject> change)
    {
        string bundle = Bundle(name, change);
        RunResult result = InNamespace($"{Make} $CSRUN create -b {bundle} moved < /dev/null > {bundle}/out 2>&1; $CSRUN start moved; sleep 0.3; {Names}; cat {bundle}/out; $CSRUN delete moved");
        Assert.Equal("lo 10.9.0.1/24\nfd00::9/64\nUP", result.Succeeded().Output);
    }

    private string Bundle(string name, Action<JsonObject> change) => Bundles.Make(Sandbox, Identity.Root, config =>
    {
        Args(config, "sh", "-c", $"ip -o address show dev {name} | awk '{{print $4}}' | grep -v ^fe80; ip link show dev {name} | grep -o -w UP | head -1");
        config["linux"]!["netDevices"] = new JsonObject { ["nd0"] = new JsonObject { ["name"] = name } };
        change(config);
    });

    private RunResult InNamespace(string script) => Sandbox.Shell(Identity.Root, $"unshare -n sh -c '{script.Replace("'", "'\\''", StringComparison.Ordinal)}'");
}
