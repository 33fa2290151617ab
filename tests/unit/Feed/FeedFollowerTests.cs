using System.Globalization;
using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Feed;

public sealed class FeedFollowerTests
{
    private readonly MemoryOperationStore _store = new();
    private readonly ChangeLog _changes = new();
    private readonly ManualTime _time = new();
    private readonly OperationFeed _feed;

    public FeedFollowerTests() => _feed = new OperationFeed(_store, _changes, new FeedLink(isShared: false), An.Journal(), new QueuedOperations(0), _time);

    [Fact]
    public async Task ReadAsync_ReaderFallsBehindTheLog_StartsAnewWithReset()
    {
        Operation operation = Add("slow");
        using var follower = new FeedFollower(_feed, _store, new OperationFilter(), _time);
        await using IAsyncEnumerator<FeedEvent> events = follower.ReadAsync(null, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        (await NextAsync(events)).Status!.Uri.ShouldBe(operation.Uri);
        (await NextAsync(events)).Kind.ShouldBe(FeedEventKind.Ready);

        for (int number = 0; number <= ChangeLog.Capacity; number++)
        {
            ChangeLog.Change? entry = null;
            _changes.Touch(An.Operation(number.ToString(CultureInfo.InvariantCulture)), ref entry);
        }

        (await NextAsync(events)).Kind.ShouldBe(FeedEventKind.Reset);
        (await NextAsync(events)).Status!.Uri.ShouldBe(operation.Uri);
        (await NextAsync(events)).Kind.ShouldBe(FeedEventKind.Ready);
    }

    [Fact]
    public async Task ReadAsync_ClosedDuringTheCatchUp_EndsThereAndNeverSaysReady()
    {
        Add("one");
        Add("two");
        using var follower = new FeedFollower(_feed, _store, new OperationFilter(), _time);
        await using IAsyncEnumerator<FeedEvent> events = follower.ReadAsync(null, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        (await NextAsync(events)).Position!.Value.CatchUp.ShouldNotBeNull();

        follower.Close();

        (await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("team", "maps", true)]
    [InlineData("team", "roads", false)]
    [InlineData("maps", "team", false)]
    public void MayHaveMatched_FilteredByTag_IsAsTheOperationWas(string name, string value, bool matches)
    {
        var gone = new GoneOperation(An.Operation() with { Tags = new Dictionary<string, string> { ["team"] = "maps", ["year"] = "2026" } });

        gone.MayHaveMatched(new OperationFilter { Tags = [new(name, value)] }).ShouldBe(matches);
    }

    [Fact]
    public void Touch_AfterTheOperationIsGone_LeavesItGone()
    {
        Operation operation = An.Operation("gone");
        ChangeLog.Change? entry = null;
        _changes.Touch(operation, ref entry);
        _changes.Bury(operation);

        // The change that let it expire is announced only now: the sweeper was faster.
        _changes.Touch(operation, ref entry);

        var changes = new List<(OperationKey Key, long Position, GoneOperation? Gone)>();
        _changes.TryRead(0, changes, most: 10).ShouldBeTrue();
        changes.ShouldHaveSingleItem().Gone.ShouldNotBeNull();
    }

    private static async Task<FeedEvent> NextAsync(IAsyncEnumerator<FeedEvent> events)
    {
        (await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).ShouldBeTrue();
        return events.Current;
    }

    private Operation Add(string id)
    {
        Operation operation = _store.AcceptAsync(An.Operation(id) with { CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow() }, An.Input).Result.Operation;
        _feed.Add(operation);
        return operation;
    }
}
