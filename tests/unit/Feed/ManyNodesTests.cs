using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Feed;

/// <summary>What one node does, as another one shows it.</summary>
public sealed class ManyNodesTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ManualTime _time = new();
    private readonly MemoryOperationStore _store = new() { IsShared = true };
    private readonly Node _here;
    private readonly Node _there;
    private readonly TaskCompletionSource<Operation> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OperationKey _key = An.Operation().Key;

    public ManyNodesTests()
    {
        _here = new Node(_store, _time);
        _there = new Node(_store, _time);
    }

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
    }

    [Fact]
    public async Task Report_OnOneNode_IsShownAndWakesOnTheOther()
    {
        LiveOperation running = Run();
        LiveOperation watched = _there.Find(_key);
        using StatusSubscription subscription = watched.Subscribe()!;
        long position = _there.Changes.TakePosition().Number;

        running.Report(1, 42, "half-way");
        _here.TellTo(_there);

        watched.Current.Json.ToArray().ShouldBe(running.Current.Json.ToArray());
        watched.Current.Activity.ShouldBe("half-way");
        await subscription.WaitAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
        var changes = new List<(OperationKey Key, long Position, GoneOperation? Gone)>();
        _there.Changes.TryRead(position, changes, 10).ShouldBeTrue();
        changes.ShouldHaveSingleItem().Key.ShouldBe(_key);
    }

    [Fact]
    public void Received_IsToldToNobodyAgain()
    {
        Run();
        _here.TellTo(_there).ShouldNotBeEmpty();

        _there.TellTo(_here).ShouldBeEmpty();
        _here.TellTo(_there).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancel_OnAnotherNode_IsWrittenWholeAndToldToTheAttempt()
    {
        LiveOperation running = Run();
        _here.Change(_key, operation => operation.SaveCheckpoint(1, [1, 2, 3]));
        running.Report(1, 42, "half-way");
        long shown = running.Current.Version;
        _here.TellTo(_there);

        _there.Change(_key, operation => operation.RequestCancel(_time.GetUtcNow())).ShouldNotBeNull();
        _there.TellTo(_here);

        _store[_key].Checkpoint.ShouldBe([1, 2, 3]);
        _store[_key].Progress.ShouldBe(42);
        (await TakenAsync()).State.ShouldBe(OperationState.Canceling);
        running.Current.State.ShouldBe(OperationState.Canceling);
        running.Current.Version.ShouldBeGreaterThan(shown);
        running.Current.Activity.ShouldBe("half-way");
        _here.Change(_key, operation => operation.ConfirmCancel(1, _time.GetUtcNow())).ShouldNotBeNull();
        _store[_key].State.ShouldBe(OperationState.Canceled);
    }

    [Fact]
    public async Task Cancel_OnAnotherNodeUnheard_IsFoundByTheNextWrite()
    {
        LiveOperation running = Run();
        _there.Change(_key, operation => operation.RequestCancel(_time.GetUtcNow()));

        running.Report(1, 10, null);
        _here.Change(_key, operation => operation.Record(1, running.ReadLive(), _time.GetUtcNow(), An.Lease)).ShouldNotBeNull();

        (await TakenAsync()).State.ShouldBe(OperationState.Canceling);
        _store[_key].State.ShouldBe(OperationState.Canceling);
    }

    [Fact]
    public void Progress_OfAStaleCancel_DoesNotFallForThoseWhoSawMore()
    {
        LiveOperation running = Run();
        running.Report(1, 80, "nearly");
        running.Current.Progress.ShouldBe(80);

        // The other node has not heard of it.
        _there.Change(_key, operation => operation.RequestCancel(_time.GetUtcNow()))!.Progress.ShouldBe(0);
        _there.TellTo(_here);

        running.Current.State.ShouldBe(OperationState.Canceling);
        running.Current.Progress.ShouldBe(80);
        running.Current.Activity.ShouldBe("nearly");
    }

    [Fact]
    public void Messages_OutOfOrder_ChangeNothingBack()
    {
        LiveOperation running = Run();
        _here.TellTo(_there);
        running.Report(1, 10, null);
        OperationStatus older = running.Current;
        running.Report(1, 20, null);
        OperationStatus newer = running.Current;
        _there.Received(new FeedMessage.Changed(newer));
        _there.Received(new FeedMessage.Changed(older));

        _there.Find(_key).Current.Version.ShouldBe(newer.Version);
    }

    [Fact]
    public void Find_WhileHearing_ReadsTheStoreOnce()
    {
        LiveOperation running = Run();
        _there.Find(_key);
        int reads = _store.Reads;
        for (int i = 1; i < 5; i++)
        {
            running.Report(1, i, null);
            _here.TellTo(_there);
            _there.Find(_key).Current.Progress.ShouldBe(i);
        }

        _store.Reads.ShouldBe(reads);
    }

    [Fact]
    public void Find_WhileNothingIsHeard_ReadsTheStore()
    {
        Run();
        _there.Find(_key);
        _there.Link.Disconnect("cut");
        _here.Change(_key, operation => operation.Succeed(1, null, hasResult: false, _time.GetUtcNow()));

        _there.Find(_key).Current.IsFinal.ShouldBeTrue();
        int reads = _store.Reads;
        _there.Find(_key);
        _store.Reads.ShouldBe(reads + 1);
        _here.Find(_key);
        _store.Reads.ShouldBe(reads + 1);
    }

    [Fact]
    public void Find_AfterAGap_ReadsAgainWhatWasRead()
    {
        Run();
        _there.Find(_key);
        _here.Change(_key, operation => operation.Succeed(1, null, hasResult: false, _time.GetUtcNow()));

        _there.Missed();

        _there.Find(_key).Current.IsFinal.ShouldBeTrue();
    }

    [Fact]
    public async Task Refresh_AfterLostMessages_ShowsTheEndToWatchersAndTellsTheAttempt()
    {
        Run();
        LiveOperation watched = _there.Find(_key);
        using StatusSubscription subscription = watched.Subscribe()!;
        _there.Change(_key, operation => operation.RequestCancel(_time.GetUtcNow()));

        await _here.Feed.RefreshAsync(TestContext.Current.CancellationToken);
        (await TakenAsync()).State.ShouldBe(OperationState.Canceling);
        _here.Change(_key, operation => operation.ConfirmCancel(1, _time.GetUtcNow()));
        await _there.Feed.RefreshAsync(TestContext.Current.CancellationToken);

        watched.Current.State.ShouldBe(OperationState.Canceled);
    }

    [Fact]
    public async Task Remove_RightAfterTheEnd_ShowsTheEndToWatchersElsewhere()
    {
        Run();
        LiveOperation watched = _there.Find(_key);
        using StatusSubscription subscription = watched.Subscribe()!;
        _here.Change(_key, operation => operation.Succeed(1, "That is all.", hasResult: false, _time.GetUtcNow()));
        await _here.Feed.RemoveAsync(_here.Find(_key));

        _here.TellTo(_there).ShouldHaveSingleItem().ShouldBeOfType<FeedMessage.Gone>();

        watched.Current.Message.ShouldBe("That is all.");
        (await _there.Feed.FindAsync(_key, TestContext.Current.CancellationToken)).ShouldBeNull();
        var changes = new List<(OperationKey Key, long Position, GoneOperation? Gone)>();
        _there.Changes.TryRead(0, changes, 10).ShouldBeTrue();
        changes[^1].Gone.ShouldNotBeNull();
        _there.TellTo(_here).ShouldBeEmpty();
    }

    [Fact]
    public async Task Remove_Unheard_EndsTheWaitOfWatchers()
    {
        Run();
        LiveOperation watched = _there.Find(_key);
        using StatusSubscription subscription = watched.Subscribe()!;
        _here.Change(_key, operation => operation.Succeed(1, null, hasResult: false, _time.GetUtcNow()));
        await _here.Feed.RemoveAsync(_here.Find(_key));

        await _there.Feed.RefreshAsync(TestContext.Current.CancellationToken);

        watched.IsGone.ShouldBeTrue();
    }

    [Fact]
    public void Follower_AfterAGap_BeginsAnew()
    {
        Run();
        FeedPosition before = _there.Changes.TakePosition();

        _there.Missed();

        _there.Changes.Reaches(before).ShouldBeFalse();
        _there.Changes.Reaches(_there.Changes.TakePosition()).ShouldBeTrue();
    }

    [Fact]
    public async Task Look_OfWhatIsTooLongToBeSent_ReadsIt()
    {
        Operation accepted = (await _store.AcceptAsync(An.Operation() with { Tags = new Dictionary<string, string> { ["t"] = new('x', 9000) } }, An.Input)).Operation;
        _here.Feed.Add(accepted);
        _there.Find(_key);
        _here.Change(_key, operation => operation.RequestCancel(_time.GetUtcNow()));
        string envelope = new FeedEnvelopes(8000).Pack(_here.Publisher.Collect(out _)).ShouldHaveSingleItem();
        envelope.Length.ShouldBeLessThan(300);

        await _there.Feed.LookAsync(_key, TestContext.Current.CancellationToken);

        _there.Find(_key).Current.State.ShouldBe(OperationState.Canceled);
    }

    [Fact]
    public void Mailbox_RaisedOnOneNode_WakesOnTheOther()
    {
        string? woken = null;
        _there.Link.OnMailboxChanged = name => woken = name;

        _here.Link.Tell(new FeedMessage.Mailbox("post"));
        _here.TellTo(_there);

        woken.ShouldBe("post");
    }

    private LiveOperation Run()
    {
        Operation accepted = _store.AcceptAsync(An.Operation(), An.Input).Result.Operation;
        LiveOperation live = _here.Feed.Add(accepted);
        _here.Change(_key, operation => operation.Start(_time.GetUtcNow(), An.Lease)).ShouldNotBeNull();
        live.BeginReporting(1, static () => { }, operation => _taken.TrySetResult(operation));
        return live;
    }

    /// <summary>What the attempt was told that another node has made of its operation.</summary>
    private Task<Operation> TakenAsync() => _taken.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
