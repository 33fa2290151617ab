using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Feed;

public sealed class OperationFeedTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Add_WithoutEnd_KeepsABoundedNumberInMemory(int looks)
    {
        var feed = new OperationFeed(new MemoryOperationStore(), new ChangeLog(), new FeedLink(isShared: false), An.Journal(), new QueuedOperations(0), new ManualTime());
        for (int i = 0; i < 60_000; i++)
        {
            Operation operation = An.Operation("n" + i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            feed.Add(operation);
            for (int look = 0; look < looks; look++)
            {
                await feed.FindAsync(operation.Key, TestContext.Current.CancellationToken);
            }
        }

        int kept = Enumerable.Range(0, 60_000).Count(i => feed.Newest(new OperationKey("demo.steps", "n" + i.ToString(System.Globalization.CultureInfo.InvariantCulture))) is not null);
        kept.ShouldBeLessThanOrEqualTo(22_000);
    }

    [Fact]
    public async Task FlushContacts_WhileOthersAreWritten_EndsAfterThem()
    {
        var written = new TaskCompletionSource();
        var store = new MemoryOperationStore { ContactWrites = written.Task };
        var feed = new OperationFeed(store, new ChangeLog(), new FeedLink(isShared: false), An.Journal(), new QueuedOperations(0), new ManualTime());
        feed.RecordContact(feed.Add(An.Operation()), ContactWay.LongPoll);
        Task writing = feed.FlushContactsAsync().AsTask();

        Task next = feed.FlushContactsAsync().AsTask();

        next.IsCompleted.ShouldBeFalse();
        written.SetResult();
        await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        store.Contacts.ShouldHaveSingleItem().Way.ShouldBe("longPoll");
        await writing;
    }

    [Fact]
    public void ALiveOperation_IsLoadedOnlyOnceItHasASnapshot()
    {
        var live = new LiveOperation(An.Operation().Key, new ChangeLog(), new ManualTime());
        live.IsLoaded.ShouldBeFalse();
        live.Publish(An.Operation());
        live.IsLoaded.ShouldBeTrue();
        live.Current.ShouldNotBeNull();
    }
}
