using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Bundle;

/// <summary>tmpcopyup: a tmpfs begins with what the root file system has at its place.</summary>
public sealed class CopyUpTests(Sandbox sandbox) : BundleTest(sandbox)
{
    private const string Look = "cd /var; stat -c '%n %F %a %u:%g %s %Y' . sub sub/secret set link fifo; cat sub/secret; readlink link; stat -fc %T /var";

    [UserFact]
    public void A_users_tmpfs_has_the_files_with_owner_mode_time_and_links() => Copied(Identity.User, 1000, null);

    [RootFact]
    public void Roots_tmpfs_has_other_owners_too() => Copied(Identity.Root, 77, null);

    [RootFact]
    public void Owners_are_the_containers_in_a_user_namespace() => Copied(Identity.Root, 100077, config =>
    {
        JsonObject linux = config["linux"]!.AsObject();
        linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
        linux["uidMappings"] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 1000 });
        linux["gidMappings"] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 1000 });
    });

    [UserFact]
    public void What_is_written_there_does_not_reach_the_image()
    {
        string bundle = Make(Identity.User, "echo new > /var/sub/secret; rm /var/set; ls /var", "tmpcopyup");
        Assert.Equal("fifo\nlink\nsub\n", Run(Identity.User, bundle, "apart"));
        Assert.Equal("secret\n", File.ReadAllText(In(bundle, "var/sub/secret")));
        Assert.True(File.Exists(In(bundle, "var/set")));
    }

    [UserFact]
    public void A_read_only_tmpfs_is_filled_before()
    {
        string bundle = Make(Identity.User, "cat /var/sub/secret; touch /var/x 2>/dev/null || echo refused", "tmpcopyup", "ro", "mode=750");
        Create(Identity.User, bundle, "ro");
        Sandbox.Csrun(Identity.User, "start", "ro").Printed("");
        Ended(Identity.User, "ro");
        Assert.Equal("secret\nrefused\n", File.ReadAllText(Path.Combine(bundle, "out")));
    }

    [UserFact]
    public void A_directory_that_is_a_link_to_the_host_copies_nothing_of_the_host()
    {
        string outside = Sandbox.Directory(Identity.User, "outside");
        File.WriteAllText(Path.Combine(outside, "file"), "host");
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            Args(config, "sh", "-c", "ls -A /link");
            config["mounts"]!.AsArray().Add(Mount("/link", "tmpfs", "tmpfs", "tmpcopyup"));
        });
        File.CreateSymbolicLink(In(bundle, "link"), outside);
        Sandbox.Shell(Identity.User, $"mkdir -p {bundle}/rootfs{outside}").Succeeded();
        Assert.Equal("", Run(Identity.User, bundle, "outside"));
    }

    [UserFact]
    public void A_tmpfs_that_is_too_small_says_so_and_leaves_nothing()
    {
        string bundle = Make(Identity.User, "true", "tmpcopyup", "size=64k");
        Sandbox.Shell(Identity.User, $"head -c 100000 /dev/zero > {bundle}/rootfs/var/large").Succeeded();
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "small").Refused(125, "the tmpfs on /var is too small");
        Sandbox.Csrun(Identity.User, "list", "-q").Printed("");
    }

    [RootFact]
    public void A_device_is_refused_by_name()
    {
        string bundle = Make(Identity.Root, "true", "tmpcopyup");
        Sandbox.Shell(Identity.Root, $"mknod {bundle}/rootfs/var/node c 1 3").Succeeded();
        Sandbox.Csrun(Identity.Root, "create", "-b", bundle, "device").Refused(125, "\"node\" is a device");
    }

    [UserFact]
    public void Below_an_earlier_tmpfs_there_is_nothing_to_copy_and_below_an_earlier_volume_it_is_refused()
    {
        foreach ((string type, string source) in ((string, string)[])[("tmpfs", "tmpfs"), ("bind", Sandbox.Directory(Identity.User, "volume"))])
        {
            string bundle = Bundles.Make(Sandbox, Identity.User, config =>
            {
                Args(config, "sh", "-c", "ls -A /var/sub");
                config["mounts"]!.AsArray().Add(Mount("/var", type, source, type == "bind" ? "rbind" : "nodev"));
                config["mounts"]!.AsArray().Add(Mount("/var/sub", "tmpfs", "tmpfs", "tmpcopyup"));
            });
            Sandbox.Shell(Identity.User, $"mkdir {bundle}/rootfs/var/sub; echo x > {bundle}/rootfs/var/sub/x").Succeeded();
            if (type == "tmpfs")
            {
                Assert.Equal("", Run(Identity.User, bundle, "below"));
            }
            else
            {
                Sandbox.Csrun(Identity.User, "create", "-b", bundle, "covered").Refused(125, "mounted before it");
            }
        }
    }

    private void Copied(Identity identity, int owner, Action<JsonObject>? change)
    {
        string bundle = Make(identity, Look, change, "tmpcopyup", "nosuid");
        if (identity == Identity.Root)
        {
            int root = owner >= 100000 ? 100000 : 0;
            Sandbox.Shell(identity, $"chown -hR {root}:{root} {bundle}/rootfs/; chown -h {owner}:{owner} {bundle}/rootfs/var/set {bundle}/rootfs/var/link; chmod 4711 {bundle}/rootfs/var/set").Succeeded();
        }

        string[] lines = Run(identity, bundle, "copied").Split('\n');
        string other = identity == Identity.User ? "0:0" : "77:77";
        Assert.Equal(
            [
                ". directory 2751 0:0", "sub directory 700 0:0", "sub/secret regular file 600 0:0 7 1000000000", $"set regular file 4711 {other} 3 1000000000",
                $"link symbolic link 777 {other} 6", "fifo fifo 644 0:0 0", "secret", "sub/..", "tmpfs",
            ],
            lines.Take(9).Select((line, i) => i is 2 or 3 or 6 or 7 or 8 ? line : string.Join(' ', line.Split(' ').SkipLast(i is 4 or 5 ? 1 : 2))));
    }

    private string Make(Identity identity, string script, params string[] options) => Make(identity, script, null, options);

    private string Make(Identity identity, string script, Action<JsonObject>? change, params string[] options)
    {
        string bundle = Bundles.Make(Sandbox, identity, config =>
        {
            Args(config, "sh", "-c", script);
            config["mounts"]!.AsArray().Add(Mount("/var", "tmpfs", "tmpfs", options));
            change?.Invoke(config);
        });
        Sandbox.Shell(identity, $"cd {bundle}/rootfs/var && mkdir -m 700 sub && echo secret > sub/secret && chmod 600 sub/secret && echo 12 > set && chmod 4711 set && ln -s sub/.. link && mkfifo fifo && touch -d @1000000000 sub/secret set && chmod 2751 .").Succeeded();
        return bundle;
    }
}
