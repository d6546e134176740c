using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>How the kernel schedules a container and further processes in it: seen from inside, and refused where the caller may not.</summary>
public sealed class SchedulingTests(Sandbox sandbox) : ContainerTest(sandbox)
{
    // proc_pid_stat(5): nice, rt_priority, policy.
    private const string Look = "awk '{print $19, $40, $41}' /proc/self/stat; ionice; grep Cpus_allowed_list /proc/self/status | cut -f 2; head -n 1 /proc/self/numa_maps | cut -d ' ' -f 2";

    [UserFact(Needs = Need.SubIds)]
    public void An_ordinary_user_gets_what_takes_no_privilege() =>
        Run("--config", Config(Identity.User, Batch), Host.AnyImage, "sh", "-c", Look).Printed($"5 0 3\nidle\n{AllCpus}\nbind:0");

    [RootFact]
    public void Root_of_the_host_gets_real_time() =>
        RunAs(Identity.Root, "--config", Config(Identity.Root, RealTime), "--userns", "host", Host.AnyImage, "sh", "-c", Look).Printed($"0 7 1\nrealtime: prio 2\n{AllCpus}\ndefault");

    [UserTheory(Needs = Need.SubIds)]
    [InlineData("""{"policy": "SCHED_RR", "priority": 3}""", "SCHED_RR with priority 3 takes CAP_SYS_NICE in the host's user namespace")]
    [InlineData("""{"policy": "SCHED_OTHER", "nice": -5}""", "the nice value -5 takes CAP_SYS_NICE")]
    [InlineData("""{"policy": "SCHED_ISO"}""", "no kernel has SCHED_ISO")]
    public void What_the_kernel_refuses_is_explained_and_nothing_is_left(string scheduler, string why)
    {
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.User);
        Run("--config", Config(Identity.User, process => process["scheduler"] = JsonNode.Parse(scheduler)), Host.AnyImage, "true").Refused(125, "sched_setattr(0, {size=56, sched_policy=", why, "process.scheduler");
        leftovers.AssertNone();
    }

    [UserFact(Needs = Need.SubIds)]
    public void An_io_class_above_the_callers_is_explained() =>
        Run("--config", Config(Identity.User, process => process["ioPriority"] = new JsonObject { ["class"] = "IOPRIO_CLASS_RT", ["priority"] = 0 }), Host.AnyImage, "true")
            .Refused(125, "IOPRIO_PRIO_VALUE(IOPRIO_CLASS_RT, 0)", "IOPRIO_CLASS_RT takes CAP_SYS_NICE", "process.ioPriority");

    [UserFact(Needs = Need.SubIds)]
    public void A_further_process_is_scheduled_as_the_container_and_on_its_own_processors()
    {
        string file = Config(Identity.User, process =>
        {
            Batch(process);
            process["execCPUAffinity"] = new JsonObject { ["initial"] = "0", ["final"] = "1" };
        });
        Detached("--config", file, "--name", "scheduled", Host.AnyImage, "sleep", "1000");
        Csrun("exec", "scheduled", "sh", "-c", Look).Printed("5 0 3\nidle\n1\nbind:0");
        Assert.Equal(AllCpus, File.ReadLines($"/proc/{Pid("scheduled")}/status").First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split('\t')[1]);
        RunResult printed = Csrun("exec", "--explain=strace", "scheduled", "true").Succeeded();
        Assert.Contains("sched_setaffinity(0, 8, [1])", printed.Stdout, StringComparison.Ordinal);
    }

    [UserFact(Needs = Need.SubIds)]
    public void An_engines_process_has_its_own_affinity_and_an_impossible_one_is_explained()
    {
        Detached("--name", "affine", Host.AnyImage, "sleep", "1000");
        Csrun("exec", "--process", ProcessFile("""{"initial": "1"}"""), "affine").Printed("1");
        Csrun("exec", "--process", ProcessFile("""{"final": "0"}"""), "affine").Printed("0");
        Csrun("exec", "--process", ProcessFile("""{"initial": "", "final": ""}"""), "affine").Printed(AllCpus);
        Csrun("exec", "--process", ProcessFile("""{"initial": "900"}"""), "affine").Refused(125, "sched_setaffinity", "none of the processors 900 is there", "execCPUAffinity");
        Csrun("exec", "--process", ProcessFile("""{"final": "900-901"}"""), "affine").Refused(125, "sched_setaffinity", "none of the processors 900-901 is there", "execCPUAffinity");
        Csrun("exec", "--process", ProcessFile("""{"final": "0-"}"""), "affine").Refused(125, "$.process.execCPUAffinity.final", "0-3,7");
    }

    private static string AllCpus { get; } = File.ReadLines("/proc/self/status").First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split('\t')[1];

    private static void Batch(JsonObject process)
    {
        process["scheduler"] = new JsonObject { ["policy"] = "SCHED_BATCH", ["nice"] = 5 };
        process["ioPriority"] = new JsonObject { ["class"] = "IOPRIO_CLASS_IDLE", ["priority"] = 4 };
        process.Root["linux"]!["memoryPolicy"] = new JsonObject { ["mode"] = "MPOL_BIND", ["nodes"] = "0" };
    }

    private static void RealTime(JsonObject process)
    {
        process["scheduler"] = new JsonObject { ["policy"] = "SCHED_FIFO", ["priority"] = 7 };
        process["ioPriority"] = new JsonObject { ["class"] = "IOPRIO_CLASS_RT", ["priority"] = 2 };
    }

    private string ProcessFile(string affinity)
    {
        string file = Path.Combine(Sandbox.Directory(Identity.User, "process"), "process.json");
        JsonObject process = new()
        {
            ["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0 },
            ["cwd"] = "/",
            ["env"] = new JsonArray("PATH=/usr/sbin:/usr/bin:/sbin:/bin"),
            ["args"] = new JsonArray("sh", "-c", "grep Cpus_allowed_list /proc/self/status | cut -f 2"),
            ["execCPUAffinity"] = JsonNode.Parse(affinity),
        };
        File.WriteAllText(file, process.ToJsonString());
        return file;
    }

    private string Config(Identity identity, Action<JsonObject> change) => ConfigFile.Write(Sandbox, identity, "{}", json => change(json["process"]!.AsObject()));
}
