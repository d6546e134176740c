using System.Diagnostics;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Broker;

/// <summary>Users whom only a name service knows, and a name service that takes its time: nobody else waits for it.</summary>
public sealed class NameServiceTests(NameServiceBroker broker) : IClassFixture<NameServiceBroker>
{
    private const uint Granted = 0;

    [RootFact]
    public void A_user_of_the_name_service_is_found_with_name_group_and_ranges()
    {
        using BrokerPeer peer = Ask(NameServiceBroker.Slow);
        (uint code, string text, _) = peer.Receive();

        Assert.Equal(Granted, code);
        Assert.Contains("7000000", text, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)^refusal .+$", text);
    }

    [RootFact]
    public void A_user_whom_nobody_knows_is_told_so()
    {
        using BrokerPeer peer = Ask(NameServiceBroker.Unknown);
        (uint code, string text, _) = peer.Receive();

        Assert.Equal(Granted, code);
        Assert.Matches("(?m)^refusal .+$", text);
        Assert.DoesNotContain("7000000", text, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_name_service_that_hangs_is_given_up_and_holds_nobody_else_up()
    {
        long start = Stopwatch.GetTimestamp();
        using BrokerPeer hanging = Ask(NameServiceBroker.Hanging);
        using BrokerPeer slow = Ask(NameServiceBroker.Slow);
        for (int i = 0; i < 20; i++)
        {
            using BrokerPeer other = Ask(Host.User!.Uid);
            Assert.Equal(Granted, other.Receive().Code);
        }

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(4), "twenty other requests waited for the name service");
        Assert.Equal(Granted, slow.Receive().Code);
        (uint code, string text, _) = hanging.Receive();
        Assert.NotEqual(Granted, code);
        Assert.Contains($"did not say within 5000 ms who user {NameServiceBroker.Hanging} is", text, StringComparison.Ordinal);
        broker.WaitFor("refused (LookupFailed)");
        broker.AssertNoChildren();
    }

    [RootFact]
    public void One_users_look_ups_are_as_many_as_its_connections()
    {
        List<BrokerPeer> many = [.. Enumerable.Range(0, 12).Select(_ => Ask(NameServiceBroker.Hanging))];
        try
        {
            using BrokerPeer other = Ask(Host.User!.Uid);
            Assert.Equal(Granted, other.Receive().Code);
            Assert.InRange(broker.Children, 1, 8);
            Assert.All(many.Take(8), peer => Assert.NotEqual(Granted, peer.Receive().Code));
            broker.AssertNoChildren();
        }
        finally
        {
            many.ForEach(peer => peer.Dispose());
        }
    }

    // The question for the broker's state: operation 2.
    private BrokerPeer Ask(int uid)
    {
        BrokerPeer peer = BrokerPeer.Connect(broker.Socket, uid, uid == NameServiceBroker.Slow ? 54400 : uid);
        byte[] question = BrokerPeer.Request([], []);
        question[8] = 2;
        peer.Send(question);
        return peer;
    }
}
