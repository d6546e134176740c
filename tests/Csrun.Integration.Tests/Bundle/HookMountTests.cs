using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Bundle;

/// <summary>Hooks before pivot_root see the configuration's mounts below the root file system's directory, as those of GPU vendors need it.</summary>
public sealed class HookMountTests(Sandbox sandbox) : BundleTest(sandbox)
{
    [UserTheory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    public void A_users_hook_sees_the_mounts(string kind) => SeesMounts(Identity.User, kind);

    [RootTheory]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    public void Roots_hook_sees_the_mounts(string kind) => SeesMounts(Identity.Root, kind);

    [UserFact]
    public void What_a_createContainer_hook_makes_is_there_for_the_command()
    {
        // As nvidia-cdi-hook does: a link and a file in the root file system, a file and a mount below tmpfs mounts of the configuration.
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            Args(config, "sh", "-c", "cat /usr/made /run/made; readlink /usr/link; ls /dev/made; cat /dev/shm/x");
            config["mounts"]!.AsArray().Add(Mount("/run", "tmpfs", "tmpfs"));
            config["mounts"]!.AsArray().Add(Mount("/dev/shm", "tmpfs", "shm"));
        });
        string rootfs = new FileInfo(Path.Combine(bundle, "rootfs")).LinkTarget!;
        Directory.CreateDirectory(Path.Combine(rootfs, "usr"));
        Change(bundle, config => config["hooks"] = new JsonObject
        {
            ["createContainer"] = new JsonArray(Hook(
                $"echo usr > {rootfs}/usr/made; ln -s target {rootfs}/usr/link; echo run > {rootfs}/run/made; : > {rootfs}/dev/made; mkdir {rootfs}/run/t; mount -t tmpfs hooked {rootfs}/dev/shm; echo mounted > {rootfs}/dev/shm/x")),
        });
        Assert.Equal("usr\nrun\ntarget\n/dev/made\nmounted\n", Run(Identity.User, bundle, "made"));
        Assert.False(File.Exists(Path.Combine(rootfs, "run", "made")));
        Assert.DoesNotContain("hooked", File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [UserFact]
    public void A_createContainer_hook_runs_in_the_root_file_system_with_its_own_variables_alone()
    {
        string log = Path.Combine(Sandbox.Directory(Identity.User), "log");
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            JsonObject hook = Hook($"{{ /bin/pwd; env; }} > {log}");
            hook["env"]!.AsArray().Add("MARK=1");
            config["hooks"] = new JsonObject { ["createContainer"] = new JsonArray(hook) };
        });
        Create(Identity.User, bundle, "where");
        string[] lines = File.ReadAllLines(log);
        Assert.Equal(new FileInfo(Path.Combine(bundle, "rootfs")).LinkTarget, lines[0]);
        Assert.Contains("MARK=1", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("CSRUN", StringComparison.Ordinal) || line.StartsWith("HOME", StringComparison.Ordinal));
    }

    [UserFact]
    public void Links_of_the_image_lead_no_mount_to_the_host_before_pivot_root()
    {
        string outside = Sandbox.Directory(Identity.User, "outside");
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            Args(config, "sh", "-c", $"echo {outside}/new/* /up/new2*");
            config["mounts"]!.AsArray().Add(Mount("/link/new/deep", "tmpfs", "tmpfs"));
            config["mounts"]!.AsArray().Add(Mount("/up/new2", "tmpfs", "tmpfs"));
            config["hooks"] = new JsonObject { ["createContainer"] = new JsonArray(Hook("true")) };
        });
        string rootfs = new FileInfo(Path.Combine(bundle, "rootfs")).LinkTarget!;
        Sandbox.Shell(Identity.User, $"mkdir -p {rootfs}{outside}").Succeeded();
        File.CreateSymbolicLink(Path.Combine(rootfs, "link"), outside);
        File.CreateSymbolicLink(Path.Combine(rootfs, "up"), "../../../../../../../../../tmp");
        Assert.Equal($"{outside}/new/deep /up/new2\n", Run(Identity.User, bundle, "links"));
        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Assert.False(Directory.Exists("/tmp/new2"));
    }

    [UserTheory]
    [InlineData("dev")]
    [InlineData("proc")]
    public void A_link_in_the_place_of_a_kernels_directory_is_refused_before_pivot_root(string name)
    {
        string outside = Sandbox.Directory(Identity.User, "outside");
        string bundle = Bundles.Make(Sandbox, Identity.User, config => config["hooks"] = new JsonObject { ["createContainer"] = new JsonArray(Hook("true")) });
        Directory.Delete(In(bundle, name));
        File.CreateSymbolicLink(In(bundle, name), outside);
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "linked").Refused(125, "symbolic link");
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    private void SeesMounts(Identity identity, string kind)
    {
        string log = Path.Combine(Sandbox.Directory(identity), "log"), data = Sandbox.Directory(identity, "data");
        File.WriteAllText(Path.Combine(data, "file"), "bound\n");
        string bundle = Bundles.Make(Sandbox, identity, config =>
        {
            config["mounts"]!.AsArray().Add(Mount("/data", "bind", data, "rbind", "ro"));
            config["mounts"]!.AsArray().Add(Mount("/run", "tmpfs", "tmpfs"));
        });
        string rootfs = new FileInfo(Path.Combine(bundle, "rootfs")).LinkTarget!;
        // The hooks of the runtime's own namespaces enter the mount namespace by the state's process ID, as libnvidia-container does.
        string enter = kind == "createContainer" ? "" : $"nsenter {(identity == Identity.Root ? "" : "-U --preserve-credentials")} -m -t $(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/')";
        Change(bundle, config => config["hooks"] = new JsonObject
        {
            [kind] = new JsonArray(Hook($"{enter} sh -c 'cat {rootfs}/data/file; stat -fc %T {rootfs}/run {rootfs}/proc {rootfs}/dev/pts; head -c2 {rootfs}/dev/zero | wc -c' > {log} 2>&1")),
        });
        Create(identity, bundle, $"sees-{kind}");
        Assert.Equal("bound\ntmpfs\nproc\ndevpts\n2\n", File.ReadAllText(log));
        Assert.DoesNotContain(File.ReadLines("/proc/self/mountinfo"), line => line.Contains(rootfs, StringComparison.Ordinal));
    }

    private static void Change(string bundle, Action<JsonObject> change)
    {
        string file = Path.Combine(bundle, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        change(config);
        File.WriteAllText(file, config.ToJsonString());
    }
}
