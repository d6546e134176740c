using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Bundle;

/// <summary>The configuration's system call filter is loaded last: it need not allow what csrun itself calls on the way.</summary>
/// <remarks>Profiles are older than system calls: the one of OCI runtime-tools has no close_range(2) and no openat2(2).</remarks>
public sealed class NarrowFilterTests(Sandbox sandbox) : BundleTest(sandbox)
{
    private static readonly string[] s_denied =
        ["close_range", "openat2", "setsid", "umask", "ppoll", "fchdir", "setgroups", "setresuid", "setresgid", "prlimit64", "keyctl", "dup2", "unshare", "mount"];

    [UserTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_users_container_starts_under_it(bool noNewPrivileges) => Starts(Identity.User, noNewPrivileges);

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Roots_container_starts_under_it(bool noNewPrivileges) => Starts(Identity.Root, noNewPrivileges);

    private void Starts(Identity identity, bool noNewPrivileges)
    {
        string bundle = Bundles.Make(Sandbox, identity, config =>
        {
            config["process"]!["noNewPrivileges"] = noNewPrivileges;
            config["linux"]!["seccomp"] = new JsonObject
            {
                ["defaultAction"] = "SCMP_ACT_ALLOW",
                ["syscalls"] = new JsonArray(new JsonObject { ["names"] = new JsonArray([.. s_denied.Select(name => (JsonNode)name)]), ["action"] = "SCMP_ACT_ERRNO" }),
            };
        });
        string id = $"narrow-{noNewPrivileges}";
        Create(identity, bundle, id);
        // What waits has no more than it was granted, although loading the filter takes CAP_SYS_ADMIN.
        string[] waiting = File.ReadAllLines($"/proc/{State(identity, id).GetProperty("pid").GetInt32()}/status");
        Assert.Contains("CapPrm:\t0000000000000020", waiting);
        Assert.Contains("CapEff:\t0000000000000020", waiting);
        Assert.Contains($"Seccomp:\t{(noNewPrivileges ? 0 : 2)}", waiting);
        Sandbox.Csrun(identity, "start", id).Printed("");
        Sandbox.Csrun(identity, "exec", id, "grep", "-E", "CapPrm|Seccomp:", "/proc/self/status").Printed("CapPrm:\t0000000000000020\nSeccomp:\t2");
        Sandbox.Csrun(identity, "exec", id, "unshare", "-m", "true").Exited(1);
    }
}
