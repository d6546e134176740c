using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Engines;

/// <summary>Containers on one of Docker's networks, as Compose makes them: the daemon sets the network up between create and start.</summary>
public sealed class DockerNetworkTests(Sandbox sandbox, BridgedCsrunDocker docker) : IntegrationTest(sandbox), IClassFixture<BridgedCsrunDocker>
{
    private const Need Needs = Need.Alpine | Need.Docker;

    [RootFact(Needs = Needs)]
    public void Two_containers_reach_each_other_by_name()
    {
        Docker("network create pair").Succeeded();
        Docker("run -d --name server --network pair --network-alias web alpine sh -c 'while :; do echo served | nc -l -p 8000; done'").Succeeded();
        Docker("run -d --name client --network pair --restart always alpine sleep 1000").Succeeded();
        foreach (string name in (string[])["server", "web"])
        {
            Docker($"exec client sh -c 'for i in $(seq 50); do nc {name} 8000 </dev/null 2>/dev/null && break; sleep 0.1; done'").Printed("served");
        }

        // A restart makes the network anew.
        Docker("restart -t 0 client").Printed("client");
        Docker("exec client sh -c 'for i in $(seq 50); do nc web 8000 </dev/null 2>/dev/null && break; sleep 0.1; done'").Printed("served");
        Docker("exec client ls /sys/class/net").Printed("eth0\nlo");
        Docker("network disconnect pair client").Succeeded();
        Docker("exec client ls /sys/class/net").Printed("lo");
        Docker("rm -f server client").Succeeded();
        Docker("network rm pair").Printed("pair");
    }

    private RunResult Docker(string words) => Sandbox.Shell(Identity.Root, $"{DockerDaemon.Client} -H unix://{docker.Socket} {words}");
}
