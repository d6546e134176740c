using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Bundle;

/// <summary>Mount options as the container's own mountinfo shows them.</summary>
public sealed class MountOptionTests(Sandbox sandbox) : BundleTest(sandbox)
{
    [RootTheory]
    [InlineData("rbind,ro", "/v ro,relatime|/v/sub rw,relatime")]
    [InlineData("rbind,rro", "/v ro,relatime|/v/sub ro,relatime")]
    [InlineData("rbind,rro,rw", "/v ro,relatime|/v/sub ro,relatime")]
    [InlineData("rbind,rnosuid,rnodev,rnoexec,rnosymfollow", "/v rw,nosuid,nodev,noexec,relatime,nosymfollow|/v/sub rw,nosuid,nodev,noexec,relatime,nosymfollow")]
    [InlineData("rbind,rnoatime,strictatime", "/v rw|/v/sub rw,noatime")]
    [InlineData("rbind,noatime,rnodiratime", "/v rw,noatime,nodiratime|/v/sub rw,nodiratime,relatime")]
    [InlineData("bind,ro,nosuid", "/v ro,nosuid,relatime")]
    public void Of_a_bind_mount_and_those_below_it(string options, string expected) => Shows("", options, expected);

    [RootTheory]
    [InlineData("ro,nosuid,nodev,noexec,noatime", "rbind,rrw,rsuid,rdev,rexec,rrelatime", "/v rw,relatime|/v/sub rw,relatime")]
    [InlineData("ro,nosuid", "rbind", "/v ro,nosuid,relatime|/v/sub ro,nosuid,relatime")]
    [InlineData("nosuid,noatime", "rbind,suid,relatime", "/v rw,relatime|/v/sub rw,nosuid,noatime")]
    public void What_the_host_has_set_is_taken_away_where_that_is_asked_for(string onHost, string options, string expected) => Shows(onHost, options, expected);

    [UserFact]
    public void Of_new_file_systems_and_of_remounted_ones()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            Args(config, "sh", "-c", "awk '$5 ~ /^.n[0-9]/ { print $5, $6, $7 }' /proc/self/mountinfo | sed 's/ -$//; s/:[0-9]*//'; stat -c %a /n5; touch /n4/x");
            JsonArray mounts = config["mounts"]!.AsArray();
            mounts.Add(Mount("/n1", "tmpfs", "tmpfs", "rro", "nosuid", "nodiratime", "defaults", "async", "iversion", "norelatime"));
            mounts.Add(Mount("/n2", "tmpfs", "tmpfs", "shared", "strictatime"));
            mounts.Add(Mount("/n3", "tmpfs", "tmpfs", "unbindable", "noexec", "sync", "dirsync"));
            mounts.Add(Mount("/n4", "tmpfs", "tmpfs", "ro", "nodev"));
            mounts.Add(Mount("/n4", "tmpfs", "tmpfs", "remount", "rw", "nosuid"));
            mounts.Add(Mount("/n5", "tmpfs", "tmpfs", "mode=711", "size=64k"));
            mounts.Add(new JsonObject { ["destination"] = "/n5", ["options"] = new JsonArray("remount", "bind", "ro", "rnoexec") });
        });
        Assert.Equal(
            [
                "/n1 ro,nosuid,nodiratime,relatime", "/n2 rw shared", "/n3 rw,noexec,relatime unbindable", "/n4 rw,nosuid,nodev,relatime", "/n5 ro,noexec,relatime", "711",
            ],
            Run(Identity.User, bundle, "new").TrimEnd().Split('\n').Select(line => line.TrimEnd()));
    }

    [UserFact]
    public void A_remount_of_nothing_and_of_a_file_systems_own_options_is_refused()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            config["mounts"]!.AsArray().Add(Mount("/none", "tmpfs", "tmpfs", "remount", "ro"));
            config["mounts"]!.AsArray().Add(Mount("/dev", "tmpfs", "tmpfs", "remount", "size=1m"));
        });
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "refused").Refused(125, "$.mounts[3].options[0]", "no entry before", "$.mounts[4].options[1]", "an option of the file system");
    }

    [RootFact]
    public void Masked_and_read_only_paths_may_be_files_directories_links_and_nothing()
    {
        string bundle = Bundles.Make(Sandbox, Identity.Root, config =>
        {
            Args(config, "sh", "-c", "cat /etc/file | wc -c; ls -A /etc/dir | wc -l; cat /etc/link | wc -c; cat /home/target | wc -c; for p in /var/file /var/dir/x /home/other; do echo x > $p 2>/dev/null && echo written $p; done; ls -d /nothing /var/nothing 2>/dev/null; true");
            config["linux"]!["maskedPaths"] = new JsonArray("/etc/file", "/etc/dir", "/etc/link", "/nothing");
            config["linux"]!["readonlyPaths"] = new JsonArray("/var/file", "/var/dir", "/var/link", "/var/nothing");
        });
        Sandbox.Shell(Identity.Root, $"cd {bundle}/rootfs && mkdir etc/dir var/dir && touch etc/dir/x && echo text > etc/file && echo text > home/target && ln -s /home/target etc/link && echo text > var/file && echo text > home/other && ln -s /home/other var/link").Succeeded();
        Create(Identity.Root, bundle, "masked");
        Sandbox.Csrun(Identity.Root, "start", "masked").Printed("");
        Ended(Identity.Root, "masked");
        Assert.Equal("0\n0\n0\n0\n", File.ReadAllText(Path.Combine(bundle, "out")));
    }

    private void Shows(string onHost, string options, string expected)
    {
        string directory = Sandbox.Directory(Identity.Root, "volume");
        string bundle = Bundles.Make(Sandbox, Identity.Root, config =>
        {
            Args(config, "sh", "-c", "awk '$5 ~ /^.v/ { print $5, $6 }' /proc/self/mountinfo");
            config["mounts"]!.AsArray().Add(Mount("/v", "bind", directory, options.Split(',')));
        });
        string change = onHost.Length == 0 ? "" : $"mount -o remount,bind,{onHost} {directory}; mount -o remount,bind,{onHost} {directory}/sub;";
        // In a mount namespace of its own: nothing of the test stays, and nothing outside sees it.
        string script = $"set -e; mount -t tmpfs -o relatime volume {directory}; mkdir {directory}/sub; mount -t tmpfs -o relatime below {directory}/sub; {change} $CSRUN create -b {bundle} shown < /dev/null > {bundle}/out; $CSRUN start shown; sleep 0.3; cat {bundle}/out; $CSRUN delete shown";
        Assert.Equal(expected.Split('|').Order(StringComparer.Ordinal), Sandbox.Shell(Identity.Root, $"unshare -m --propagation private sh -c '{script}'").Succeeded().Output.Split('\n').Order(StringComparer.Ordinal));
    }
}
