using System.Buffers.Binary;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Broker;

namespace Csrun.Plan.Tests.Broker;

/// <summary>The messages: what is written is read, and nothing else is.</summary>
public sealed class BrokerMessageTests
{
    private static readonly BrokerRequest s_request = new(BrokerOperation.MapMount, [new(1001, 100000, 1), new(100001, 100001, 65535)], [new(1001, 100000, 1)]);

    [Fact]
    public void A_request_is_read_as_it_was_written()
    {
        byte[] message = s_request.Encode();
        Assert.Equal(8192, message.Length);
        Assert.Null(BrokerRequest.Decode(message, out BrokerRequest? read));
        Assert.Equal(s_request.Uids.AsEnumerable(), read!.Uids);
        Assert.Equal(s_request.Gids.AsEnumerable(), read.Gids);
        Assert.Equal(BrokerOperation.MapMount, read.Operation);
    }

    [Fact]
    public void The_largest_maps_of_the_kernel_fit()
    {
        BrokerRequest most = s_request with { Uids = [.. Enumerable.Range(0, 340).Select(i => new IdMapping((uint)i * 2, uint.MaxValue - (uint)i * 2, 1))] };
        Assert.Null(BrokerRequest.Decode(most.Encode(), out BrokerRequest? read));
        Assert.Equal(most.Uids.AsEnumerable(), read!.Uids);
        Assert.Throws<ArgumentException>(() => (most with { Uids = [.. most.Uids, new(5, 5, 1)] }).Encode());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(8191)]
    [InlineData(8193)]
    public void Another_length_is_no_request(int length) =>
        Assert.Equal(BrokerCode.BadMessage, BrokerRequest.Decode([.. s_request.Encode().Concat(new byte[1]).Take(length)], out _)!.Code);

    [Theory]
    [InlineData(0, 7, BrokerCode.BadMessage)] // magic
    [InlineData(4, 2, BrokerCode.OtherVersion)]
    [InlineData(8, 0, BrokerCode.BadMessage)] // operation
    [InlineData(8, 3, BrokerCode.BadMessage)]
    [InlineData(12, 1, BrokerCode.BadMessage)] // flags
    [InlineData(16, 341, BrokerCode.BadMap)]
    [InlineData(16, -1, BrokerCode.BadMap)]
    [InlineData(20, 1 << 30, BrokerCode.BadMap)]
    [InlineData(24, 1, BrokerCode.BadMessage)]
    [InlineData(28, 1, BrokerCode.BadMessage)]
    [InlineData(32 + 2 * 12, 1, BrokerCode.BadMessage)] // behind the last line of users
    [InlineData(8188, 1, BrokerCode.BadMessage)] // behind the last line of groups
    public void A_field_that_is_not_understood_is_refused(int at, int value, BrokerCode code)
    {
        byte[] message = s_request.Encode();
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(at), value);
        Assert.Equal(code, BrokerRequest.Decode(message, out BrokerRequest? request)!.Code);
        Assert.Null(request);
    }

    [Fact]
    public void Garbage_is_never_a_request_and_never_an_exception()
    {
        Random random = new(3);
        byte[] message = new byte[BrokerRequest.Size];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(message);
            if (i % 2 == 0)
            {
                s_request.Encode().AsSpan(0, 12).CopyTo(message);
            }

            Assert.NotNull(BrokerRequest.Decode(message, out _));
        }
    }

    [Fact]
    public void An_answer_is_read_as_it_was_written_and_a_long_text_is_cut_between_characters()
    {
        BrokerReply reply = new(BrokerCode.NotYourId, "user 5 is not yours: é");
        Assert.Equal(reply, BrokerReply.Decode(reply.Encode()));
        BrokerReply cut = BrokerReply.Decode(new BrokerReply(BrokerCode.Failed, new string('é', 5000)).Encode())!;
        Assert.Equal(new string('é', (BrokerReply.Size - 16) / 2), cut.Text);
        byte[] other = reply.Encode();
        other[4] = 9;
        Assert.Null(BrokerReply.Decode(other));
        Assert.Null(BrokerReply.Decode(reply.Encode().AsSpan(1)));
    }

    [Fact]
    public void A_state_is_read_as_it_was_written_and_unknown_lines_are_skipped()
    {
        BrokerStatus status = new() { Version = "0.1.0", Pid = 7, StartedUnixSeconds = 1795000000, Granted = 3, Refused = 4, Refusal = "no IDs", Uids = [new(1001, 1), new(100000, 65536)], Gids = [new(5, 1)] };
        BrokerStatus read = BrokerStatus.Decode("novelty 5\n" + status.Encode());
        Assert.Equal(status.Encode(), read.Encode());
    }
}
