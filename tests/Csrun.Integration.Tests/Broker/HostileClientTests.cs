using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Broker;

/// <summary>What a client can do to the broker: nothing that is not granted, and nothing to the others.</summary>
public sealed class HostileClientTests(Sandbox sandbox, BrokerProcess broker) : IntegrationTest(sandbox), IClassFixture<BrokerProcess>
{
    private const uint Granted = 0, BadMessage = 1, OtherVersion = 2, BadDescriptors = 3, NotYourNamespace = 6, NotForYou = 7, CannotBeMapped = 9, Busy = 10, TooSlow = 13;

    private static Account User => Host.Of(Identity.User);

    private static (uint, uint, uint)[] Uids => [((uint)User.Uid, (uint)User.SubUid, 1)];

    private static (uint, uint, uint)[] Gids => [((uint)User.Gid, (uint)User.SubGid, 1)];

    [RootFact]
    public void An_honest_client_is_served()
    {
        using Asking asking = new(this);
        (uint code, string text, int mount) = asking.Ask();
        Assert.Equal((Granted, ""), (code, text));
        Assert.True(mount >= 0);
        BrokerPeer.Close(mount);
    }

    [RootFact]
    public void Garbage_is_refused_and_logged()
    {
        Random random = new(7);
        foreach (int size in (int[])[1, 4, 31, 4095, 8191, 8192, 8193, 60000])
        {
            byte[] garbage = new byte[size];
            random.NextBytes(garbage);
            using BrokerPeer peer = Connect();
            Assert.True(peer.Send(garbage));
            Assert.Equal(BadMessage, peer.Receive().Code);
        }

        broker.WaitFor("refused (BadMessage)");
        StillServes();
    }

    [RootFact]
    public void Half_a_request_and_one_of_another_version_are_refused()
    {
        using Asking asking = new(this);
        Assert.Equal(BadMessage, asking.Ask(BrokerPeer.Request(Uids, Gids)[..4096]).Code);
        byte[] other = BrokerPeer.Request(Uids, Gids);
        other[4] = 2;
        (uint code, string text, _) = asking.Ask(other);
        Assert.Equal(OtherVersion, code);
        Assert.Contains("version 2", text, StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(253)]
    public void Another_number_of_descriptors_is_refused_and_all_are_closed(int count)
    {
        using Asking asking = new(this);
        int before = broker.Descriptors;
        for (int i = 0; i < 20; i++)
        {
            using BrokerPeer peer = Connect();
            Assert.True(peer.Send(BrokerPeer.Request(Uids, Gids), [.. Enumerable.Repeat(asking.Directory, count)]));
            (uint code, string text, _) = peer.Receive();
            Assert.Equal(BadDescriptors, code);
            Assert.Contains("2 descriptors belong to the request", text, StringComparison.Ordinal);
        }

        StillServes();
        Assert.InRange(broker.Descriptors, 0, before + 3);
    }

    [RootFact]
    public void A_client_that_dies_or_never_reads_or_never_writes_holds_nobody_up()
    {
        using Asking asking = new(this);
        List<BrokerPeer> silent = [.. Enumerable.Range(0, 4).Select(_ => Connect())];
        for (int i = 0; i < 50; i++)
        {
            using BrokerPeer dying = Connect();
            dying.Send(BrokerPeer.Request(Uids, Gids), asking.Directory, asking.Namespace);
        }

        Assert.Equal(Granted, asking.Ask().Code);
        Assert.Equal(TooSlow, silent[0].Receive().Code);
        silent.ForEach(s => s.Dispose());
        StillServes();
    }

    [RootFact]
    public void One_user_cannot_take_all_connections()
    {
        using Asking asking = new(this);
        List<BrokerPeer> many = [.. Enumerable.Range(0, 30).Select(_ => Connect())];
        int busy = many.Count(m => m.Send(new byte[1]) ? m.Receive().Code is Busy : m.Receive().Code is Busy);
        Assert.InRange(busy, 1, 30);
        many.ForEach(m => m.Dispose());
        StillServes();
    }

    [RootFact]
    public void The_user_namespace_has_to_be_the_callers_own_and_not_the_hosts()
    {
        using Asking asking = new(this);
        using UserNamespace theirs = new(Sandbox, Identity.NoSubIds);
        using UserNamespace roots = new(Sandbox, Identity.Root);
        int host = BrokerPeer.OpenRead("/proc/self/ns/user");
        int mounts = BrokerPeer.OpenRead("/proc/self/ns/mnt");
        Assert.Equal(NotYourNamespace, asking.Ask(userns: theirs.Fd).Code);
        Assert.Equal(NotYourNamespace, asking.Ask(userns: roots.Fd).Code);
        Assert.Equal(NotYourNamespace, asking.Ask(userns: host).Code);
        Assert.Equal(BadDescriptors, asking.Ask(userns: mounts).Code);
        Assert.Equal(BadDescriptors, asking.Ask(userns: asking.Directory).Code);
        Assert.Equal(Granted, asking.Ask().Code);
        BrokerPeer.Close(host);
        BrokerPeer.Close(mounts);
    }

    [RootFact]
    public void Only_who_the_kernel_says_counts()
    {
        using Asking asking = new(this);
        Account nobody = Host.Of(Identity.NoSubIds);
        Assert.Equal(NotForYou, asking.Ask(uid: nobody.Uid, gid: nobody.Gid).Code);
        Assert.Equal(NotForYou, asking.Ask(uid: 0, gid: 0).Code);
        Assert.Equal(NotForYou, asking.Ask(uid: User.Uid, gid: nobody.Gid).Code);
        Assert.Equal(NotForYou, asking.Ask(uid: (int)User.SubUid, gid: (int)User.SubGid).Code);
        Assert.Equal(NotForYou, asking.Ask(uid: 4242424, gid: User.Gid).Code);
    }

    [RootFact]
    public void Only_a_directory_or_file_that_was_opened_as_a_path_on_a_mount_of_the_host_counts()
    {
        using Asking asking = new(this);
        string volume = Sandbox.Directory(Identity.User);
        File.CreateSymbolicLink(Path.Combine(volume, "link"), "/etc");
        Tool.Check("mkfifo", Path.Combine(volume, "fifo"));
        foreach ((int fd, uint code) in ((int, uint)[])
        [
            (BrokerPeer.OpenRead(volume), BadDescriptors), // not O_PATH
            (BrokerPeer.OpenPath(Path.Combine(volume, "link"), 0x20000), BadDescriptors), // O_NOFOLLOW: the link itself
            (BrokerPeer.OpenPath(Path.Combine(volume, "fifo")), BadDescriptors),
            (BrokerPeer.OpenPath("/dev/null"), BadDescriptors),
            (BrokerPeer.OpenPath("/proc"), CannotBeMapped),
        ])
        {
            (uint answered, string text, _) = asking.Ask(directory: fd);
            Assert.True(answered == code, $"{answered}: {text}");
            BrokerPeer.Close(fd);
        }
    }

    [RootFact]
    public void A_directory_that_is_swapped_after_it_was_opened_is_the_one_that_was_opened()
    {
        using Asking asking = new(this);
        string parent = Sandbox.Directory(Identity.User);
        string mine = Path.Combine(parent, "mine"), other = Path.Combine(parent, "other");
        Directory.CreateDirectory(mine);
        Directory.CreateDirectory(other);
        File.WriteAllText(Path.Combine(mine, "marker"), "");
        int fd = BrokerPeer.OpenPath(mine);
        Directory.Move(mine, Path.Combine(parent, "gone"));
        File.CreateSymbolicLink(mine, "/etc");
        (uint code, _, int mount) = asking.Ask(directory: fd);
        Assert.Equal(Granted, code);
        Assert.Equal(["marker"], Directory.GetFileSystemEntries($"/proc/self/fd/{mount}").Select(Path.GetFileName));
        BrokerPeer.Close(mount);
        BrokerPeer.Close(fd);
    }

    [RootFact]
    public void Requests_without_end_are_slowed_to_refusals_and_the_others_are_served()
    {
        using Asking asking = new(this);
        uint last = Granted;
        // The cheapest request there is, as fast as it goes: more than 400 in one window of 10 seconds, wherever the window begins.
        BrokerPeer.As(User.Uid, User.Gid, () =>
        {
            for (int i = 0; i < 20_000 && last != Busy; i++)
            {
                using BrokerPeer peer = BrokerPeer.Connect(Socket);
                peer.Send(new byte[1]);
                last = peer.Receive().Code;
            }
        });
        Assert.Equal(Busy, last);
        Account nobody = Host.Of(Identity.NoSubIds);
        Assert.Equal(NotForYou, asking.Ask(uid: nobody.Uid, gid: nobody.Gid).Code);
        Thread.Sleep(10_500);
        Assert.Equal(Granted, asking.Ask().Code);
    }

    private string Socket => broker.Socket;

    private BrokerPeer Connect() => BrokerPeer.Connect(broker.Socket, User.Uid, User.Gid);

    private void StillServes()
    {
        Assert.True(broker.Runs, broker.Log);
        using Asking asking = new(this);
        (uint code, string text, int mount) = asking.Ask();
        Assert.True(code == Granted, $"{code}: {text}\n{broker.Log}");
        BrokerPeer.Close(mount);
    }

    /// <summary>An honest caller's directory and user namespace; each question on a connection of its own.</summary>
    private sealed class Asking : IDisposable
    {
        private readonly HostileClientTests _tests;
        private readonly UserNamespace _namespace;

        public Asking(HostileClientTests tests)
        {
            _tests = tests;
            _namespace = new UserNamespace(tests.Sandbox, Identity.User);
            Directory = BrokerPeer.OpenPath(tests.Sandbox.Directory(Identity.User));
        }

        public int Directory { get; }

        public int Namespace => _namespace.Fd;

        public (uint Code, string Text, int Mount) Ask(byte[]? message = null, int? directory = null, int? userns = null, int? uid = null, int? gid = null)
        {
            using BrokerPeer peer = BrokerPeer.Connect(_tests.Socket, uid ?? User.Uid, gid ?? User.Gid);
            peer.Send(message ?? BrokerPeer.Request(Uids, Gids), directory ?? Directory, userns ?? Namespace);
            return peer.Receive();
        }

        public void Dispose()
        {
            BrokerPeer.Close(Directory);
            _namespace.Dispose();
        }
    }
}
