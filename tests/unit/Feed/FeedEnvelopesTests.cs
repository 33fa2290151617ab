using System.Globalization;
using System.Text;
using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Feed;

public sealed class FeedEnvelopesTests : IFeedListener
{
    private const int Longest = 4000;

    private readonly FeedEnvelopes _sender = new(Longest);
    private readonly FeedEnvelopes _receiver = new(Longest);
    private readonly List<FeedMessage> _received = [];
    private int _missed;

    [Fact]
    public void Pack_ManyMessages_ArriveInOrderInEnvelopesThatFit()
    {
        FeedMessage[] messages = [.. Enumerable.Range(0, 50).Select(i => new FeedMessage.Changed(new OperationStatus(An.Running() with { Activity = "größer → " + i.ToString(CultureInfo.InvariantCulture) })))];

        List<string> envelopes = _sender.Pack(messages);
        envelopes.ForEach(envelope => _receiver.Open(envelope, this));

        envelopes.Count.ShouldBeInRange(5, 20);
        envelopes.ShouldAllBe(envelope => Encoding.UTF8.GetByteCount(envelope) <= Longest);
        _received.Select(message => ((FeedMessage.Changed)message).Status.Activity).ShouldBe(messages.Select(message => ((FeedMessage.Changed)message).Status.Activity));
        _missed.ShouldBe(0);
    }

    [Fact]
    public void Open_OfABeatAfterALostMessage_ShowsTheLoss()
    {
        _sender.Pack([new FeedMessage.Beat()]).ForEach(envelope => _receiver.Open(envelope, this));
        _sender.Pack([new FeedMessage.Look(An.Operation().Key)]).ShouldHaveSingleItem();
        _missed.ShouldBe(0);

        _sender.Pack([new FeedMessage.Beat()]).ForEach(envelope => _receiver.Open(envelope, this));

        _missed.ShouldBe(1);
        _received.ShouldAllBe(message => message is FeedMessage.Beat);
    }

    [Fact]
    public void Open_WhatWasSent_IsTheSameStatusWithoutWhatOthersNeedNot()
    {
        Operation failed = An.In(OperationState.Failed) with
        {
            Sequence = 7,
            Tags = new Dictionary<string, string> { ["team"] = "maps" },
            Webhook = "https://example.com/secret",
            IdempotencyKey = "k",
            ResubmittedAs = new OperationKey("demo.steps", "again"),
        };

        _sender.Pack([new FeedMessage.Changed(new OperationStatus(failed, An.Instant))]).ForEach(envelope => _receiver.Open(envelope, this));

        OperationStatus status = _received.ShouldHaveSingleItem().ShouldBeOfType<FeedMessage.Changed>().Status;
        status.Json.ToArray().ShouldBe(new OperationStatus(failed, An.Instant).Json.ToArray());
        (status.Operation with { Tags = failed.Tags }).ShouldBe(failed with { Webhook = null, IdempotencyKey = null });
    }

    [Fact]
    public void Open_WithOneMissing_SaysSoOnce()
    {
        List<string> envelopes = [.. Enumerable.Range(0, 4).SelectMany(i => _sender.Pack([new FeedMessage.Mailbox("m")]))];

        _receiver.Open(envelopes[0], this);
        _receiver.Open(envelopes[2], this);
        _receiver.Open(envelopes[3], this);

        _missed.ShouldBe(1);
        _received.Count.ShouldBe(3);
    }

    [Fact]
    public void Open_OfOnesOwn_IsIgnored()
    {
        _sender.Pack([new FeedMessage.Lost()]).ForEach(envelope => _sender.Open(envelope, this));

        _received.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("what?")]
    [InlineData("{}")]
    [InlineData("""{"Node":"x","Number":1,"Messages":[{"Kind":"changed"}]}""")]
    [InlineData("""{"Node":"x","Number":1,"Messages":[{}]}""")]
    [InlineData("""{"Node":"x","Number":"1","Messages":[]}""")]
    public void Open_OfWhatNobodyUnderstands_IsAGap(string envelope)
    {
        _receiver.Open(envelope, this);

        _missed.ShouldBe(1);
    }

    [Fact]
    public void Open_OfAKindFromTheFuture_IsIgnored()
    {
        _receiver.Open("""{"Node":"x","Number":1,"Messages":[{"Kind":"weather","Sun":true},{"Kind":"mailbox","Mailbox":"m"}]}""", this);

        _received.ShouldHaveSingleItem();
        _missed.ShouldBe(0);
    }

    void IFeedListener.Connected() => throw new NotSupportedException();

    void IFeedListener.Received(FeedMessage message) => _received.Add(message);

    void IFeedListener.Missed() => _missed++;
}
