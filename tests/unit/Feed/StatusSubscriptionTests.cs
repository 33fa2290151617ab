using RealtimeOps.Feed;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Feed;

public sealed class StatusSubscriptionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Wake_BeforeTheWait_IsNotLost()
    {
        using StatusSubscription subscription = new FanOut().Subscribe();
        subscription.Wake();
        await subscription.WaitAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Wait_WithoutAWake_DoesNotComplete()
    {
        using StatusSubscription subscription = new FanOut().Subscribe();
        subscription.Wake();
        subscription.Wake();
        subscription.WaitAsync().IsCompleted.ShouldBeTrue();
        subscription.WaitAsync().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Signals_FromManyThreads_NeverLeaveAReaderBehind()
    {
        const int changes = 200_000;
        var fanOut = new FanOut();
        int newest = 0;
        Task[] readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            using StatusSubscription subscription = fanOut.Subscribe();
            while (Volatile.Read(ref newest) < changes)
            {
                await subscription.WaitAsync();
            }
        })).ToArray();
        while (fanOut.Count < readers.Length)
        {
            await Task.Yield();
        }

        Task[] writers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (Interlocked.Increment(ref newest) < changes)
            {
                fanOut.Signal();
            }

            fanOut.Signal();
        })).ToArray();
        await Task.WhenAll(writers).WaitAsync(Limit, TestContext.Current.CancellationToken);
        await Task.WhenAll(readers).WaitAsync(Limit, TestContext.Current.CancellationToken);
        fanOut.Count.ShouldBe(0);
    }
}
