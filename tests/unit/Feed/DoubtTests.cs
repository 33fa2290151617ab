using Microsoft.Extensions.Logging.Abstractions;
using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Feed;

/// <summary>Writes, readings and messages that come to nothing, or too late: nobody is shown what is no more, and nothing is kept for whoever has gone.</summary>
public sealed class DoubtTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ManualTime _time = new();
    private readonly MemoryOperationStore _store = new() { IsShared = true };
    private readonly OperationKey _key = An.Operation().Key;
    private readonly Node _here;
    private readonly Node _there;

    public DoubtTests()
    {
        _here = new Node(_store, _time);
        _there = new Node(_store, _time);
    }

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
    }

    /// <summary>The end has taken its version, although its writer was told nothing: whoever looks meanwhile must not be shown another snapshot with it.</summary>
    [Fact]
    public void End_WhoseCommitGotNoAnswer_IsShownOnceItIsFound()
    {
        LiveOperation live = Run();
        live.Report(1, 50, "half-way");
        _store.LostAnswer = static () => { };

        Should.Throw<AggregateException>(() => _here.Change(_key, End));
        live.Current.IsFinal.ShouldBeFalse();
        _store.IsFull = true;
        Should.Throw<AggregateException>(() => _here.Change(_key, End));
        _here.Change(_key, operation => operation);
        _store.IsFull = false;
        live.Report(1, 60, "and on");
        live.Current.Version.ShouldBeLessThan(_store[_key].Version);

        _here.Change(_key, End).ShouldBeNull();
        live.Current.IsFinal.ShouldBeTrue();
        live.Current.Version.ShouldBe(_store[_key].Version);
    }

    [Fact]
    public async Task Change_RefusedBeforeItWasWritten_LetsReportsGoOn()
    {
        LiveOperation live = Run();
        _store.IsFull = true;
        await Should.ThrowAsync<StoreUnavailableException>(_here.Feed.ChangeAsync(live, End, static _ => []).AsTask());

        live.Report(1, 50, null);

        live.Current.Progress.ShouldBe(50);
    }

    [Fact]
    public async Task Find_ThatFails_LeavesNoEntry()
    {
        _store.IsUnreadable = true;
        for (int i = 0; i < 30_000; i++)
        {
            await Should.ThrowAsync<StoreUnavailableException>(_here.Feed.FindAsync(new OperationKey("demo.steps", $"n{i}"), TestContext.Current.CancellationToken).AsTask());
        }

        _here.Feed.InMemory.ShouldBe(0);
    }

    /// <summary>A node that was paused for longer than its lease goes on with what it had to tell; by then another may have ended the operation.</summary>
    [Fact]
    public async Task Message_OfALapsedAttempt_IsNotBelieved()
    {
        Run().Report(1, 50, null);
        List<string> delayed = new FeedEnvelopes(8000).Pack(_here.Publisher.Collect(out _));
        _time.Advance(TimeSpan.FromMinutes(1));
        _there.Change(_key, operation => operation.GiveBack(1, _time.GetUtcNow(), _time.GetUtcNow()));
        _there.Change(_key, operation => operation.Start(_time.GetUtcNow(), TimeSpan.FromSeconds(15)));
        _there.Change(_key, operation => operation.Succeed(operation.Attempt, null, hasResult: false, _time.GetUtcNow()));
        using var third = new Node(_store, _time);
        await third.StartAsync();
        using StatusSubscription news = third.Changes.FanOut.Subscribe();

        delayed.ForEach(envelope => new FeedEnvelopes(8000).Open(envelope, third));

        await news.WaitAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
        third.Feed.Newest(_key)!.IsFinal.ShouldBeTrue();
    }

    /// <summary>What was to be looked up and could not be is not forgotten: everything is in doubt then.</summary>
    [Fact]
    public async Task Look_ThatFails_BeginsANewGeneration()
    {
        Run();
        LiveOperation known = _there.Find(_key);
        int generation = _there.Link.Generation;
        _store.IsUnreadable = true;
        await _there.StartAsync();
        using StatusSubscription news = _there.Changes.FanOut.Subscribe();

        _there.Received(new FeedMessage.Look(_key));

        while (_there.Link.Generation == generation)
        {
            await news.WaitAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
        }

        known.Generation.ShouldNotBe(_there.Link.Generation);
    }

    /// <summary>A node that listens no more must not believe that it does, whatever ended it.</summary>
    [Fact]
    public async Task Listening_ThatFailsInAnUnexpectedWay_BeginsAnew()
    {
        var backplane = new BrokenBackplane();
        var link = new FeedLink(isShared: true, backplane);
        var feed = new OperationFeed(_store, new ChangeLog(), link, An.Journal(), new QueuedOperations(0), TimeProvider.System);
        using var receiver = new FeedReceiver(feed, link, TimeProvider.System, NullLogger<FeedReceiver>.Instance);

        await receiver.StartAsync(TestContext.Current.CancellationToken);
        await backplane.IsAskedAgain.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);

        link.IsConnected.ShouldBeFalse();
        await receiver.StopAsync(TestContext.Current.CancellationToken);
    }

    private LiveOperation Run()
    {
        Operation queued = _store.AcceptAsync(An.Operation(), An.Input).Result.Operation;
        LiveOperation live = _here.Feed.Add(queued);
        _here.Change(_key, operation => operation.Start(_time.GetUtcNow(), TimeSpan.FromSeconds(15)));
        live.BeginReporting(1, static () => { });
        return live;
    }

    private Operation? End(Operation operation) => operation.Succeed(1, null, hasResult: false, _time.GetUtcNow());

    private sealed class BrokenBackplane : IFeedBackplane
    {
        private bool _hasFailed;

        public TaskCompletionSource IsAskedAgain { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task SendAsync(IReadOnlyList<FeedMessage> messages, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ListenAsync(IFeedListener listener, CancellationToken cancellationToken)
        {
            if (!_hasFailed)
            {
                _hasFailed = true;
                listener.Connected();
                throw new InvalidOperationException("Connection is not open");
            }

            IsAskedAgain.TrySetResult();
            return new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
    }
}
