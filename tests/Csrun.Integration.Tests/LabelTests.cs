using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>AppArmor profiles and SELinux labels on a host that has neither module: refused by name, and what would be done where it
/// looks as if it had. That a module takes them, no test can show here.</summary>
public sealed class LabelTests(Sandbox sandbox) : ContainerTest(sandbox)
{
    // What runc and the engines look at; only the kernel itself has no AppArmor then.
    private const string AsIfAppArmor = """
        mount -t tmpfs tmpfs /sys/kernel/security && mkdir /sys/kernel/security/apparmor
        mount -t tmpfs tmpfs /sys/module && mkdir -p /sys/module/apparmor/parameters && echo Y > /sys/module/apparmor/parameters/enabled

        """;

    private static bool HasModule => Directory.Exists("/sys/kernel/security/apparmor") || Directory.Exists("/sys/fs/selinux");

    [UserFact(Needs = Need.SubIds)]
    public void Without_the_module_a_profile_or_label_is_refused_in_a_bundle_and_for_a_further_process()
    {
        if (HasModule)
        {
            return;
        }

        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            config["process"]!["apparmorProfile"] = "docker-default";
            config["process"]!["selinuxLabel"] = "system_u:system_r:container_t:s0";
            config["linux"]!["mountLabel"] = "system_u:object_r:container_file_t:s0";
        });
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "labelled").Refused(
            125, "$.process.apparmorProfile", "AppArmor is not active on this host, so the profile \"docker-default\" cannot hold", "$.process.selinuxLabel", "$.linux.mountLabel");
        Detached("--name", "plain", "--security-opt", "apparmor=unconfined", Host.AnyImage, "sleep", "1000");
        Csrun("exec", "--apparmor", "unconfined", "plain", "echo", "in").Printed("in");
        Csrun("exec", "--apparmor", "p", "plain", "true").Refused(125, "$.process.apparmorProfile", "\"p\"");
        Csrun("exec", "--process-label", "l", "plain", "true").Refused(125, "$.process.selinuxLabel", "\"l\"");
        Csrun("run", "--security-opt", "apparmor=p", Host.AnyImage, "true").Refused(125, "--security-opt apparmor=p", "AppArmor is not active");
        Assert.Contains("neither AppArmor nor SELinux is active", Csrun("doctor").Stdout, StringComparison.Ordinal);
    }

    /// <summary>The last file that exists on the way is asked of procfs, through no path of the container: the kernel answers that it has no AppArmor.</summary>
    [RootFact(Needs = Need.Strace)]
    public void Where_AppArmor_seems_active_the_profile_is_written_to_csruns_own_procfs()
    {
        if (HasModule)
        {
            return;
        }

        string bundle = Bundles.Make(Sandbox, Identity.Root, config => config["process"]!["apparmorProfile"] = "docker-default");
        MountNamespace.AsRoot(Sandbox, AsIfAppArmor + $"$CSRUN create -b {bundle} first </dev/null").Refused(125, "apparmor"); // makes csrun's directories
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.Root);
        RunResult result = MountNamespace.AsRoot(Sandbox, AsIfAppArmor + $"$CSRUN doctor | grep labels; strace -f -e trace=openat2,write -o {bundle}/trace $CSRUN create -b {bundle} labelled </dev/null");
        Assert.Contains("AppArmor is active: process.apparmorProfile is set", result.Stdout, StringComparison.Ordinal);
        result.Refused(125, "openat2(", "\"thread-self/attr/apparmor/exec\"", "ENOENT", "AppArmor has no profile \"docker-default\" loaded");
        Assert.Contains(
            "\"thread-self/attr/apparmor/exec\", {flags=O_WRONLY|O_CLOEXEC, resolve=RESOLVE_NO_XDEV|RESOLVE_NO_MAGICLINKS|RESOLVE_BENEATH}, 24) = -1 ENOENT",
            File.ReadAllText($"{bundle}/trace"), StringComparison.Ordinal);
        Sandbox.Csrun(Identity.Root, "list", "-q").Printed("");
        leftovers.AssertNone();
    }

    [RootFact]
    public void Links_to_procfs_in_its_place_take_no_label()
    {
        if (HasModule)
        {
            return;
        }

        string bundle = Bundles.Make(Sandbox, Identity.Root, config => config["process"]!["apparmorProfile"] = "docker-default");
        const string Look = "mount -t proc proc /mnt; mount -t tmpfs tmpfs /proc; for f in /mnt/*; do case $f in /mnt/[0-9]*) ;; *) ln -s $f /proc/;; esac; done; ";
        RunResult result = MountNamespace.AsRoot(Sandbox, AsIfAppArmor + Look + $"$CSRUN create -b {bundle} labelled </dev/null");
        result.Refused(125, "/proc is not procfs", "the container would run without it");
        Sandbox.Csrun(Identity.Root, "list", "-q").Printed("");
    }
}
