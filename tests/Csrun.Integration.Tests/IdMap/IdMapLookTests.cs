using System.Text.Json;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.IdMap;

/// <summary>csrun idmap show, translate, whose and probe.</summary>
public sealed class IdMapLookTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [RootFact]
    public void Show_lists_the_mapped_mounts_with_their_maps()
    {
        (string src, string dst) = (Sandbox.Directory(Identity.Root, "source"), Sandbox.Directory(Identity.Root, "target"));
        RunResult result = MountNamespace.AsRoot(Sandbox, $"""
            $CSRUN idmap mount --map-mount b:0:100000:65536 --map-mount b:65536:7:1 {src} {dst}
            $CSRUN idmap show --json
            """).Succeeded();
        JsonElement json = JsonDocument.Parse(result.Stdout).RootElement;
        Assert.True(json.GetProperty("initial").GetBoolean());
        Assert.Equal(4294967295, json.GetProperty("uidMappings")[0].GetProperty("size").GetInt64());
        JsonElement mount = json.GetProperty("mounts").EnumerateArray().Single(m => m.GetProperty("destination").GetString() == dst);
        if (mount.TryGetProperty("uidMappings", out JsonElement map)) // Linux 6.15
        {
            Assert.Equal(["0:100000:65536", "65536:7:1"], map.EnumerateArray().Select(m => $"{m.GetProperty("containerID")}:{m.GetProperty("hostID")}:{m.GetProperty("size")}"));
        }
    }

    [RootFact]
    public void Show_of_a_process_is_its_own_user_namespace()
    {
        RunResult result = MountNamespace.AsRoot(Sandbox, """
            unshare --user --mount sleep 60 & pid=$!
            trap "kill $pid" EXIT
            while [ "$(readlink /proc/$pid/ns/mnt)" = "$(readlink /proc/self/ns/mnt)" ]; do sleep 0.01; done
            $CSRUN idmap show $pid | grep -e uid_map -e owner
            echo '0 500000 10' > /proc/$pid/uid_map
            $CSRUN idmap show $pid | grep uid_map
            """).Succeeded();
        Assert.Equal(["owner      0 (root)", "uid_map    empty: every ID is nobody's (65534)", "uid_map             0     500000         10"], result.Output.Split('\n'));
    }

    [RootFact]
    public void Translate_follows_a_file_through_its_mount_into_a_container()
    {
        (string src, string dst) = (Sandbox.Directory(Identity.Root, "source"), Sandbox.Directory(Identity.Root, "target"));
        RunResult result = MountNamespace.AsRoot(Sandbox, $"""
            touch {src}/shadow {src}/mine; chown 0:42 {src}/shadow; chown 70000:70000 {src}/mine
            $CSRUN idmap mount --map-mount b:0:100000:65536 {src} {dst}
            $CSRUN idmap translate --json --map 0:100000:65536 {dst}/shadow {dst}/mine
            $CSRUN idmap translate --map 0:100000:65536 {dst}/shadow >&2
            $CSRUN idmap translate --draw --map 0:100000:65536 {dst}/shadow >&2
            """).Succeeded();
        JsonElement json = JsonDocument.Parse(result.Stdout).RootElement;
        JsonElement group = json[0].GetProperty("ids")[1];
        Assert.Equal((42, 100042, 100042, 42), (Number(group, "disk"), Number(group, "mount"), Number(group, "host"), Number(group, "container")));
        JsonElement hidden = json[1].GetProperty("ids")[0];
        Assert.Equal(70000, Number(hidden, "disk")); // seen through a copy without the map
        Assert.Equal(JsonValueKind.Null, hidden.GetProperty("mount").ValueKind);
        Assert.Matches(@"group +42 +100042 +100042 +42", result.Stderr);
        Assert.Contains("┌", result.Stderr, StringComparison.Ordinal);
        Assert.Contains("the mount's map", result.Stderr, StringComparison.Ordinal);
    }

    [UserFact(Needs = Need.SubIds)]
    public void Translate_takes_the_callers_own_containers_by_default()
    {
        Account user = Host.Of(Identity.User);
        JsonElement way = JsonDocument.Parse(Sandbox.Csrun(Identity.User, "idmap", "translate", "--json", "--from", "container", "1000").Succeeded().Stdout).RootElement[0].GetProperty("ids")[0];
        Assert.Equal(user.SubUid + 999, Number(way, "host"));
        Assert.Equal(1000, Number(way, "container"));

        // The same number as the container itself sees it.
        Run(Host.AnyImage, "sh", "-c", "awk '$1 <= 1000 && 1000 < $1 + $3 { print $2 + 1000 - $1 }' /proc/self/uid_map").Printed((user.SubUid + 999).ToString());
    }

    [UserFact(Needs = Need.SubIds)]
    public void A_running_container_is_named_and_its_maps_are_shown()
    {
        Account user = Host.Of(Identity.User);
        Run("-d", "--name", "idmap-box", "--userns", $"map=0:{user.SubUid}:65536", Host.AnyImage, "sleep", "60").Succeeded();
        try
        {
            string json = Sandbox.Csrun(Identity.User, "idmap", "show", "--json", "idmap-box").Succeeded().Stdout;
            Assert.Equal(user.SubUid, Number(JsonDocument.Parse(json).RootElement.GetProperty("uidMappings")[0], "hostID"));
            string way = Sandbox.Csrun(Identity.User, "idmap", "translate", "--json", "--container", "idmap-box", "9").Succeeded().Stdout;
            Assert.Equal(user.SubUid + 9, Number(JsonDocument.Parse(way).RootElement[0].GetProperty("ids")[0], "host"));
        }
        finally
        {
            Sandbox.Csrun(Identity.User, "rm", "--force", "idmap-box");
        }

        Sandbox.Csrun(Identity.User, "idmap", "show", "idmap-box").Refused(125, "no container is named");
    }

    [UserFact]
    public void Translate_says_what_a_hole_means()
    {
        RunResult result = Sandbox.Csrun(Identity.User, "idmap", "translate", "--map-mount", "b:1:1:65535", "--map", "0:0:4294967295", "--from", "host", "0");
        Assert.Contains("gets EOVERFLOW (Value too large for defined data type)", result.Succeeded().Stdout, StringComparison.Ordinal);
        Sandbox.Csrun(Identity.User, "idmap", "translate", "--map", "0:5:1", "7").Succeeded();
        Sandbox.Csrun(Identity.User, "idmap", "translate", "4294967295").Refused(125, "is no ID");
        Sandbox.Csrun(Identity.User, "idmap", "translate", "--pid", "4194304", "1").Refused(125, "has ended");
        Sandbox.Csrun(Identity.User, "idmap", "translate", "/no/such").Refused(125, "does not exist");
    }

    [UserFact(Needs = Need.SubIds)]
    public void Whose_decodes_what_a_container_left_in_a_volume()
    {
        Account user = Host.Of(Identity.User);
        string volume = Sandbox.Directory(Identity.User);
        Run("-v", $"{volume}:/v", Host.AnyImage, "sh", "-c", "touch /v/f; chown 1000:1000 /v/f").Succeeded();
        JsonElement owner = JsonDocument.Parse(Sandbox.Csrun(Identity.User, "idmap", "whose", "--json", $"{volume}/f").Succeeded().Stdout).RootElement[0].GetProperty("user");
        Assert.Equal(user.SubUid + 999, Number(owner, "id"));
        JsonElement one = owner.GetProperty("subordinate").EnumerateArray().Single(s => s.GetProperty("owner").GetString() == user.Name);
        Assert.Equal(1000, Number(one, "containerID"));
        Assert.Contains($"user 1000 in the containers of {user.Name}", Sandbox.Csrun(Identity.User, "idmap", "whose", $"{volume}/f").Succeeded().Stdout, StringComparison.Ordinal);
        Sandbox.Csrun(Identity.User, "idmap", "whose", "/no/such", "/nor/this").Refused(125, "2 of 2 paths", "/no/such", "/nor/this");
    }

    [RootFact]
    public void Probe_finds_by_trying()
    {
        RunResult result = MountNamespace.AsRoot(Sandbox, "d=$(mktemp -d); mount -t tmpfs none $d; cat /proc/self/mountinfo > $d/before; $CSRUN idmap probe --json $d /proc; cmp /proc/self/mountinfo $d/before >&2").Succeeded();
        Assert.Equal("", result.Stderr);
        JsonElement json = JsonDocument.Parse(result.Stdout).RootElement;
        Assert.Equal(("tmpfs", true, "6.3"), (json[0].GetProperty("type").GetString(), json[0].GetProperty("mappable").GetBoolean(), json[0].GetProperty("sinceLinux").GetString()));
        Assert.Equal(("proc", false, "EINVAL"), (json[1].GetProperty("type").GetString(), json[1].GetProperty("mappable").GetBoolean(), json[1].GetProperty("errno").GetString()));
    }

    [UserFact]
    public void Probe_of_an_ordinary_user_tries_in_a_user_namespace_of_its_own()
    {
        string table = Sandbox.Csrun(Identity.User, "idmap", "probe").Succeeded().Stdout;
        Assert.Matches(@"tmpfs +yes +6\.3 +\(a new tmpfs of the own user namespace\)", table);
        Assert.Matches(@"overlay +no +- +\(a new overlay of the own user namespace\): EINVAL", table);
        Assert.Matches(@" no .* /: EPERM: it can be mapped, but only by root of the user namespace that mounted it", table);
        Sandbox.Csrun(Identity.User, "idmap", "probe", "/no/such").Refused(125, "does not exist");
    }

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
