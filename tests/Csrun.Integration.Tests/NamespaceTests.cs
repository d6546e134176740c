using System.Text.Json;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>csrun ns: the kernel's namespaces as they are.</summary>
public sealed class NamespaceTests(Sandbox sandbox) : ContainerTest(sandbox)
{
    private static readonly string[] s_kinds = ["mnt", "pid", "net", "ipc", "uts", "cgroup"];

    [UserFact]
    public void A_containers_user_namespace_owns_its_namespaces_and_has_its_maps()
    {
        Detached("--name", "spaces", Host.AnyImage, "sleep", "60");
        string[] links = Csrun("exec", "spaces", "sh", "-c", "for kind in user mnt pid net ipc uts cgroup; do readlink /proc/self/ns/$kind; done").Succeeded().Output.Split('\n');
        JsonElement tree = Tree(Identity.User);
        JsonElement user = tree.GetProperty("userNamespaces").EnumerateArray().Single(u => $"user:[{u.GetProperty("namespace")}]" == links[0]);

        Assert.Equal(tree.GetProperty("caller").GetProperty("user").GetUInt64(), user.GetProperty("parent").GetUInt64());
        Assert.Equal((long)Host.Of(Identity.User).Uid, user.GetProperty("owner").GetInt64());
        Assert.Equal(Host.Of(Identity.User).Name, user.GetProperty("ownerName").GetString());
        Assert.False(user.GetProperty("own").GetBoolean());
        Assert.Equal(links[1..], s_kinds.Select(kind => $"{kind}:[{user.GetProperty("owns").EnumerateArray().Single(o => o.GetProperty("kind").GetString() == kind).GetProperty("namespace")}]"));
        JsonElement process = user.GetProperty("processes").EnumerateArray().Single();
        Assert.Equal((Pid("spaces"), 1, "sleep 60", "spaces"), (process.GetProperty("pid").GetInt32(), process.GetProperty("pidInside").GetInt32(), process.GetProperty("command").GetString(), process.GetProperty("container").GetString()));
        string map = string.Join('\n', user.GetProperty("uidMappings").EnumerateArray().Select(m => $"{m.GetProperty("containerID")} {m.GetProperty("hostID")} {m.GetProperty("size")}"));
        Assert.Equal(Csrun("exec", "spaces", "awk", "{print $1, $2, $3}", "/proc/self/uid_map").Succeeded().Output, map);
        string text = Csrun("ns").Succeeded().Stdout;
        Assert.Contains($"─ {links[0]}  container spaces\n", text, StringComparison.Ordinal);
        Assert.Equal(
            [$"owner {Host.Of(Identity.User).Name} ({Host.Of(Identity.User).Uid})", $"uid_map {map.Split('\n')[0]}"],
            text.Split(links[0])[1].Split('\n').Skip(1).Take(2).Select(line => string.Join(' ', line.Split([' ', '│'], StringSplitOptions.RemoveEmptyEntries))));
    }

    [UserFact]
    public void A_container_is_shown_by_name_with_what_it_shares()
    {
        Detached("--name", "sharer", "--network", "host", Host.AnyImage, "sleep", "60");
        JsonElement box = JsonDocument.Parse(Csrun("ns", "--json", "sharer").Succeeded().Stdout).RootElement;
        Dictionary<string, JsonElement> kinds = box.GetProperty("namespaces").EnumerateArray().ToDictionary(n => n.GetProperty("kind").GetString()!);

        Assert.True(kinds["net"].GetProperty("own").GetBoolean());
        Assert.False(kinds["mnt"].GetProperty("own").GetBoolean());
        Assert.Equal(kinds["user"].GetProperty("namespace").GetUInt64(), kinds["mnt"].GetProperty("owner").GetUInt64());
        Assert.NotEqual(kinds["user"].GetProperty("namespace").GetUInt64(), kinds["net"].GetProperty("owner").GetUInt64());
        string text = Csrun("ns", "sharer").Succeeded().Stdout;
        Assert.Matches(@"(?m)^net +\d+ +shared with you ", text);
        Assert.Matches(@"(?m)^mnt +\d+ +not yours +its own user namespace$", text);
        Assert.StartsWith($"process {Pid("sharer")}, 1 inside: sleep 60 (container sharer)\n", text, StringComparison.Ordinal);
    }

    [UserFact]
    public void A_user_namespace_without_a_process_is_found_by_its_child()
    {
        // unshare runs the second unshare in its own place: nobody stays in the first namespace.
        RunResult result = Sandbox.Shell(Identity.User, """
            unshare --user --map-root-user sh -c 'readlink /proc/self/ns/user; exec unshare --user sh -c "readlink /proc/self/ns/user; echo; exec sleep 60"' > /tmp/csrun-ns.$$ & pid=$!
            trap "kill $pid; rm -f /tmp/csrun-ns.$$" EXIT
            while ! grep -q '^$' /tmp/csrun-ns.$$; do sleep 0.01; done
            cat /tmp/csrun-ns.$$
            $CSRUN ns --json
            """).Succeeded();
        string[] parts = result.Stdout.Split('\n', 4);
        JsonElement[] users = [.. JsonDocument.Parse(parts[3]).RootElement.GetProperty("userNamespaces").EnumerateArray()];
        JsonElement middle = users.Single(u => $"user:[{u.GetProperty("namespace")}]" == parts[0]);
        JsonElement inner = users.Single(u => $"user:[{u.GetProperty("namespace")}]" == parts[1]);

        Assert.Equal(0, middle.GetProperty("processes").GetArrayLength());
        Assert.Equal(middle.GetProperty("namespace").GetUInt64(), inner.GetProperty("parent").GetUInt64());
        Assert.Equal(1, inner.GetProperty("processes").GetArrayLength());
        Assert.Equal(0, inner.GetProperty("uidMappings").GetArrayLength());
    }

    [UserFact]
    public void What_an_ordinary_user_may_not_see_is_said()
    {
        Assert.Contains(Tree(Identity.User).GetProperty("notSeen").EnumerateArray(), h => h.GetProperty("uid").GetInt32() == 0 && h.GetProperty("processes").GetInt32() > 0);
        Assert.Matches(@"(?m)^not seen: .*\d+ processes? of root \(0\)", Csrun("ns").Succeeded().Stdout);
        Csrun("ns", "1").Refused(125, "/proc/1/ns/user: EACCES", "root (0)", "sudo csrun ns 1");
        Csrun("ns", "999999999").Refused(125, "there is no process 999999999");
        Csrun("ns", "no-such-box").Refused(125, "no container is named \"no-such-box\"");
    }

    [UserFact]
    public void From_within_a_user_namespace_its_parent_is_out_of_sight()
    {
        string tree = Csrun("unshare", Host.Csrun, "ns").Succeeded().Stdout;

        Assert.Matches(@"(?m)^user:\[\d+\]  yours, its parent is out of your sight$", tree);
        Assert.Matches(@"(?m)^ +mnt +\d+  yours  1 process$", tree);
    }

    [RootFact]
    public void Root_sees_everything_and_what_a_mount_keeps()
    {
        string directory = Sandbox.Directory(Identity.Root);
        RunResult result = MountNamespace.AsRoot(Sandbox, $"""
            mount --make-rprivate /; touch {directory}/kept
            unshare --net={directory}/kept readlink /proc/self/ns/net
            $CSRUN ns --json
            """).Succeeded();
        string[] parts = result.Stdout.Split('\n', 2);
        JsonElement tree = JsonDocument.Parse(parts[1]).RootElement;
        JsonElement kept = tree.GetProperty("userNamespaces").EnumerateArray().SelectMany(u => u.GetProperty("owns").EnumerateArray()).Single(o => $"net:[{o.GetProperty("namespace")}]" == parts[0]);

        Assert.Equal($"{directory}/kept", kept.GetProperty("mount").GetString());
        Assert.Equal(0, kept.GetProperty("pids").GetArrayLength());
        // Root of an outer container lacks CAP_SYS_PTRACE over what has more capabilities; other users' processes have not.
        Assert.DoesNotContain(tree.GetProperty("notSeen").EnumerateArray(), h => h.GetProperty("uid").GetInt64() == Host.User?.Uid);
        Assert.Contains(tree.GetProperty("userNamespaces").EnumerateArray(), u => u.GetProperty("initial").GetBoolean());
    }

    private JsonElement Tree(Identity identity) => JsonDocument.Parse(Sandbox.Csrun(identity, "ns", "--json").Succeeded().Stdout).RootElement;
}
