using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>CVE-2016-9962: PID 1 of --init is csrun's memory, and the container's root may not look into it.</summary>
public sealed class InitTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    private static readonly Dictionary<string, string?> s_secret = new() { ["SECRET_OF_THE_CALLER"] = "swordfish" };

    public static TheoryData<string> Files => ["environ", "exe", "maps", "fd/0", "cwd", "root", "mem"];

    [UserTheory]
    [MemberData(nameof(Files))]
    public void The_containers_root_cannot_look_into_init(string file) => LookInto(Identity.User, file, []);

    [UserTheory]
    [MemberData(nameof(Files))]
    public void Nor_with_the_right_to_trace(string file) => LookInto(Identity.User, file, ["--cap-add", "sys_ptrace"]);

    [RootTheory]
    [MemberData(nameof(Files))]
    public void Nor_when_root_runs_it(string file) => LookInto(Identity.Root, file, ["--userns", "host"]);

    [UserFact]
    public void The_callers_environment_and_arguments_are_nowhere_in_proc() => Search(Identity.User, ["--init"]);

    [RootFact]
    public void Not_even_for_the_hosts_root_with_the_right_to_trace() => Search(Identity.Root, ["--init", "--userns", "host", "--cap-add", "sys_ptrace"]);

    [UserFact]
    public void Without_init_neither() => Search(Identity.User, []);

    [UserFact]
    public void A_process_of_the_container_can_look_into_itself() =>
        Run("--init", "-e", "MINE=1", Host.AnyImage, "sh", "-c", "cat /proc/$$/environ | tr '\\0' '\\n' | grep -x MINE=1; readlink /proc/$$/root; test -r /proc/$$/maps && echo maps")
            .Printed("MINE=1\n/\nmaps");

    private void LookInto(Identity identity, string file, string[] options)
    {
        RunResult result = Sandbox.Csrun(
            identity, ["run", "--init", .. options, Host.AnyImage, "sh", "-c", $"cat /proc/1/{file} 2>&1 | head -c 100; readlink /proc/1/{file}; true"], null, s_secret);
        Assert.True(result.Output is [.., _] && result.Output.Contains("ermission denied", StringComparison.Ordinal), result.ToString());
        Assert.DoesNotContain("csrun", result.Output, StringComparison.Ordinal);
    }

    private void Search(Identity identity, string[] options)
    {
        RunResult result = Sandbox.Csrun(
            identity,
            ["run", "--annotation", "com.example.note=swordfish", .. options, Host.AnyImage, "sh", "-c", "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -e 'sword[f]ish' -e 'CSRUN[_]' -e 'annot[a]tion'; test -r /proc/1/cmdline && echo looked"],
            null,
            s_secret);
        // The brackets keep the search from finding its own words.
        Assert.Equal("looked", result.Output);
    }
}
