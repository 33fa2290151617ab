using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Feed;

/// <summary>Who begins to watch just when a node finds that it has missed something.</summary>
public sealed class SubscribeTests : IDisposable
{
    private readonly MemoryOperationStore _store = new() { IsShared = true };
    private readonly Node _here;
    private readonly Node _there;

    public SubscribeTests()
    {
        var time = new ManualTime();
        _here = new Node(_store, time);
        _there = new Node(_store, time);
    }

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
    }

    [Fact]
    public async Task Subscribe_GapFoundBetweenReadingAndHolding_ReadsAgain()
    {
        OperationKey key = _here.Feed.Add((await _store.AcceptAsync(An.Operation(), An.Input)).Operation).Key;
        _store.Meanwhile(() =>
        {
            // The message is lost, and what is held is read again before this watcher holds anything.
            _here.Change(key, operation => operation.RequestCancel(operation.UpdatedAt)).ShouldNotBeNull();
            _there.Missed();
            _there.Feed.RefreshAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        });

        (LiveOperation live, StatusSubscription subscription) = (await _there.Feed.SubscribeAsync(key, TestContext.Current.CancellationToken))!.Value;

        live.Current.State.ShouldBe(OperationState.Canceled);
        subscription.Dispose();
    }
}
