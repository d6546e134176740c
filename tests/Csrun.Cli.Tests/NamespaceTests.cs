using System.Collections.Immutable;
using Csrun.Engine.Namespaces;
using Csrun.Linux.IdMaps;
using Csrun.Runtime.Namespaces;

namespace Csrun.Cli.Tests;

/// <summary>csrun ns: its command line, and the drawing of a tree.</summary>
public sealed class NamespaceTests
{
    [Theory]
    [InlineData("ns", "ns [] json=False")]
    [InlineData("ns|tree|--json", "ns [tree] json=True")]
    [InlineData("ns|--json|42", "ns [42] json=True")]
    [InlineData("ns|--|--box", "ns [--box] json=False")]
    public void It_reaches_the_engine(string argv, string asked)
    {
        Cli cli = Cli.Run(argv.Split('|'));

        Assert.Equal("", cli.Stderr);
        Assert.Equal(asked, cli.Asked);
    }

    [Fact]
    public void A_second_operand_is_one_too_many() => Assert.Contains("one word too many", Cli.Run("ns", "1", "2").Stderr, StringComparison.Ordinal);

    [Fact]
    public void The_tree_has_guides_marks_maps_and_no_control_character()
    {
        NamespaceProcess shell = Process(10, 10, "sh", user: 1, mnt: 101);
        NamespaceProcess box = Process(20, 1, "evil \u001b[31m name", user: 2, mnt: 102);
        NamespaceProcess other = Process(21, 2, "top", user: 2, mnt: 101);
        NamespaceSurvey survey = new()
        {
            Own = shell.Namespaces,
            Users =
            [
                new UserNamespaceInfo { Inode = 1, IsInitial = true, OwnerUid = 4000000000, Maps = new(IdMap.Identity, IdMap.Identity), Processes = [shell], Owns = [new(NamespaceKind.Mnt, 101, 1, [shell, other], null)] },
                new UserNamespaceInfo { Inode = 2, Parent = 1, Maps = new(IdMap.Parse("0:1001:1,1:100000:65536"), IdMap.Empty), Processes = [box, other], Owns = [new(NamespaceKind.Mnt, 102, 2, [box], null), new(NamespaceKind.Net, 103, 2, [], "/run/n\u0007")] },
                new UserNamespaceInfo { Inode = 3, Parent = 2 },
                new UserNamespaceInfo { Inode = 4, Parent = 1, Processes = [] },
                new UserNamespaceInfo { Inode = 5 },
            ],
            OwnerUnknown = [new(NamespaceKind.Pid, 104, null, [], null)],
            Hidden = [new(4000000000, 7)],
        };

        Assert.Equal(
            """
            user:[1]  the host's first one, yours
            │  owner    4000000000
            │  uid_map           0          0 4294967295
            │  gid_map  the same
            │  mnt      101  yours  2 processes
            │  process  10 sh
            ├─ user:[2]  container web
            │  │  owner    not told
            │  │  uid_map           0       1001          1
            │  │                    1     100000      65536
            │  │  gid_map  empty: every ID is nobody's (65534)
            │  │  mnt      102         1 process      20 evil \x1b[31m name
            │  │  net      103         0 processes    kept by a mount at /run/n\x07
            │  │  process  20 (1 inside) evil \x1b[31m name  (container web)
            │  │           21 (2 inside) top
            │  └─ user:[3]
            │        owner    not told
            │        process  none that you can see; a namespace made in it, a mount or a descriptor keeps it
            └─ user:[4]
                  owner    not told
                  process  none that you can see; a namespace made in it, a mount or a descriptor keeps it
            user:[5]  its parent is out of your sight
               owner    not told
               process  none that you can see; a namespace made in it, a mount or a descriptor keeps it
            namespaces whose owner is no user namespace of yours, nor one made in yours (ioctl_ns(2), NS_GET_USERNS: EPERM)
               pid      104         0 processes
            not seen: 7 processes of 4000000000
               /proc/PID/ns of another user, or of a process that protects itself, opens to those with CAP_SYS_PTRACE only (ptrace(2));
               namespaces that they alone are in are missing above: sudo csrun ns

            """,
            new NamespaceTreeText(survey, new Dictionary<int, string> { [20] = "web" }, asRoot: false).Draw());
    }

    [Fact]
    public void Many_processes_are_counted()
    {
        NamespaceProcess[] many = [.. Enumerable.Range(100, 12).Select(pid => Process(pid, pid, "worker", user: 1, mnt: 101))];
        NamespaceSurvey survey = new() { Own = many[0].Namespaces, Users = [new UserNamespaceInfo { Inode = 1, IsInitial = true, Processes = [.. many] }] };
        string tree = new NamespaceTreeText(survey, new Dictionary<int, string>(), asRoot: true).Draw();

        Assert.Contains("105 worker\n            and 6 more (csrun ns --json has them all)\n", tree, StringComparison.Ordinal);
    }

    [Fact]
    public void One_process_is_a_table_of_what_is_shared_and_who_owns_it()
    {
        NamespaceProcess box = Process(20, 1, "top", user: 2, mnt: 102) with { PidForChildren = 9 };
        NamespaceSurvey survey = new()
        {
            Own = Process(1, 1, "sh", user: 1, mnt: 101).Namespaces,
            Users =
            [
                new UserNamespaceInfo { Inode = 1, IsInitial = true, OwnerUid = 0 },
                new UserNamespaceInfo { Inode = 2, Parent = 1, OwnerUid = 4000000000, Owns = [new(NamespaceKind.Mnt, 102, 2, [box], null)] },
            ],
        };

        Assert.Equal(
            """
            process 20, 1 inside: top (container web)

            KIND    NAMESPACE                   OWNED BY
            user    2           not yours       user:[1], yours, made by 4000000000
            mnt     102         not yours       its own user namespace
            children that it makes from now on come into pid:[9] (pid_namespaces(7))

            """,
            ProcessNamespaceText.Table(box, survey, "web"));
    }

    private static NamespaceProcess Process(int pid, int inside, string command, ulong user, ulong mnt) => new(
        pid,
        inside,
        command,
        new Dictionary<NamespaceKind, ulong> { [NamespaceKind.User] = user, [NamespaceKind.Mnt] = mnt }.ToImmutableSortedDictionary());
}
