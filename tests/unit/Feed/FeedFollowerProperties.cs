using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Feed;

/// <summary>A follower that is cut off anywhere and comes back with the last id it saw ends up knowing the truth, whatever happened meanwhile.</summary>
public sealed class FeedFollowerProperties
{
    private const int Operations = 6;

    [Fact]
    public void AnyChanges_WithReconnectsAnywhere_LeaveNothingUnknown()
    {
        Arbitrary<(int Operation, int Action)[]> runs = Gen.ArrayOf(Gen.Choose(0, Operations - 1).Zip(Gen.Choose(0, 7), (operation, action) => (operation, action))).ToArbitrary();
        Prop.ForAll(runs, run =>
        {
            var world = new World();
            foreach ((int operation, int action) in run)
            {
                world.Do(operation, action);
            }

            world.Drain();
            world.Known.ShouldBe(world.Truth, ignoreOrder: true);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(150));
    }

    private sealed class World
    {
        private readonly MemoryOperationStore _store = new();
        private readonly ManualTime _time = new();
        private readonly Dictionary<string, long> _known = [];
        private OperationFeed _feed;
        private string? _lastId;

        /// <summary>The follower is there from the beginning: who comes without an id is not told what has ended before.</summary>
        public World()
        {
            _feed = new OperationFeed(_store, new ChangeLog(), new FeedLink(isShared: false), An.Journal(), new QueuedOperations(0), _time);
            Drain();
        }

        public string[] Known => _known.Select(pair => pair.Key + "=" + pair.Value.ToString(CultureInfo.InvariantCulture)).ToArray();

        public string[] Truth => _store.All.Select(operation => operation.Uri + "=" + _feed.FindAsync(operation.Key, default).Result!.Current.Version.ToString(CultureInfo.InvariantCulture)).ToArray();

        public void Do(int number, int action)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            DateTimeOffset now = _time.GetUtcNow();
            var key = new OperationKey("demo.steps", "n" + number.ToString(CultureInfo.InvariantCulture));
            LiveOperation? live = _feed.FindAsync(key, default).Result;
            switch (action)
            {
                case 0 when live is null:
                    Operation added = An.Operation(key.Id) with { CreatedAt = now, UpdatedAt = now };
                    _feed.Add(_store.AcceptAsync(added, An.Input).Result.Operation);
                    break;
                case 1 when live is not null && Change(live, operation => operation.Start(now, An.Lease)) is { } started:
                    live.BeginReporting(started.Attempt, static () => { });
                    break;
                case 2 or 3 when live is not null:
                    live.Report(live.Durable.Attempt, 50, now.ToString("O", CultureInfo.InvariantCulture));
                    break;
                case 4 when live is not null:
                    Change(live, operation => operation.Succeed(operation.Attempt, null, hasResult: false, now));
                    break;
                case 5:
                    Read(most: 1 + number);
                    break;
                case 6:
                    Read(int.MaxValue);
                    break;
                case 7 when number == 0:
                    // The server restarts: positions of the old run are unknown to the new one.
                    _feed = new OperationFeed(_store, new ChangeLog(), new FeedLink(isShared: false), An.Journal(), new QueuedOperations(0), _time);
                    foreach (Operation held in _store.All.Where(operation => operation.State.IsHeld()).ToArray())
                    {
                        Change(_feed.FindAsync(held.Key, default).Result!, operation => operation.GiveBack(operation.Attempt, now, now));
                    }

                    break;
            }
        }

        public void Drain() => Read(int.MaxValue);

        /// <summary>Connects with the last id, takes some events, and is cut off.</summary>
        private void Read(int most)
        {
            using var follower = new FeedFollower(_feed, _store, new OperationFilter(), _time);
            IAsyncEnumerator<FeedEvent> events = follower.ReadAsync(FeedPosition.Parse(_lastId), default).GetAsyncEnumerator();
            bool isReady = false;
            for (int i = 0; i < most && !isReady; i++)
            {
                Task<bool> next = events.MoveNextAsync().AsTask();
                next.Wait(TimeSpan.FromSeconds(20)).ShouldBeTrue();
                next.Result.ShouldBeTrue();
                Take(events.Current);
                isReady = events.Current.Kind is FeedEventKind.Ready;
            }

            events.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(20)).ShouldBeTrue();
        }

        private void Take(FeedEvent change)
        {
            _lastId = change.Position?.ToString() ?? _lastId;
            if (change.Status is { } status)
            {
                _known.TryGetValue(status.Uri, out long before);
                status.Version.ShouldBeGreaterThanOrEqualTo(before);
                _known[status.Uri] = status.Version;
            }
        }

        private Operation? Change(LiveOperation live, Func<Operation, Operation?> decide) => _feed.ChangeAsync(live, decide, static _ => []).AsTask().Result;
    }
}
