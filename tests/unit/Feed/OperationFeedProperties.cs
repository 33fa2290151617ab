using FsCheck;
using FsCheck.Fluent;
using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Feed;

/// <summary>Whatever the order of starts, reports, looks, writes, failures, cancels, crashes and late attempts: what is shown keeps its promises.</summary>
public sealed class OperationFeedProperties
{
    private enum Step
    {
        Start,
        Report,
        Look,
        Record,
        Retry,
        Succeed,
        Fail,
        Cancel,
        ConfirmCancel,
        Crash,
        ReportOfAnOlderAttempt,
        EndOfAnOlderAttempt,
        FullDisk,
        RoomAgain,
    }

    [Fact]
    public void AnyInterleaving_KeepsVersionsRising_ProgressBelow100_AndOneEnd()
    {
        Arbitrary<(Step Step, int Percent)[]> runs = Gen.ArrayOf(
            Gen.Frequency(
                (8, Gen.Constant(Step.Report)),
                (8, Gen.Constant(Step.Look)),
                (14, Gen.Elements(Enum.GetValues<Step>()))).Zip(Gen.Choose(-5, 120), (step, percent) => (step, percent))).ToArbitrary();
        Prop.ForAll(runs, run =>
        {
            var world = new World();
            foreach ((Step step, int percent) in run)
            {
                world.Do(step, percent);
                world.Look();
            }

            world.End();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(600).WithEndSize(120));
    }

    private sealed class World
    {
        private readonly MemoryOperationStore _store = new();
        private readonly ManualTime _time = new();
        private readonly OperationKey _key;
        private readonly Dictionary<long, string> _seen = [];
        private OperationFeed _feed;
        private OperationStatus? _last;

        public World()
        {
            _feed = new OperationFeed(_store, new ChangeLog(), new FeedLink(isShared: false), An.Journal(), new QueuedOperations(0), _time);
            Operation accepted = _store.AcceptAsync(An.Operation(), An.Input).Result.Operation;
            _key = accepted.Key;
            _feed.Add(accepted);
        }

        private LiveOperation Live => _feed.FindAsync(_key, default).Result!;

        private int Attempt => Live.Durable.Attempt;

        public void Do(Step step, int percent)
        {
            _time.Advance(TimeSpan.FromMilliseconds(7));
            DateTimeOffset now = _time.GetUtcNow();
            int attempt = Attempt;
            switch (step)
            {
                case Step.Start:
                    if (Change(operation => operation.Start(now, An.Lease)) is { } started)
                    {
                        Live.BeginReporting(started.Attempt, static () => { });
                    }

                    break;
                case Step.Report:
                    Live.Report(attempt, percent, $"at {percent}");
                    break;
                case Step.ReportOfAnOlderAttempt:
                    Live.Report(attempt - 1, 98, "a ghost");
                    break;
                case Step.Record:
                    Change(operation => operation.Record(attempt, Live.ReadLive(), now, An.Lease));
                    break;
                case Step.Retry:
                    Change(operation => operation.Retry(attempt, now, now));
                    break;
                case Step.Succeed:
                    Change(operation => operation.Succeed(attempt, "fine", hasResult: false, now));
                    break;
                case Step.Fail:
                    Change(operation => operation.Fail(attempt, OperationErrors.Unhandled, now));
                    break;
                case Step.EndOfAnOlderAttempt:
                    Change(operation => operation.Succeed(attempt - 1, "a ghost", hasResult: false, now)).ShouldBeNull();
                    break;
                case Step.Cancel:
                    Change(operation => operation.RequestCancel(now));
                    break;
                case Step.ConfirmCancel:
                    Change(operation => operation.ConfirmCancel(attempt, now));
                    break;
                case Step.Crash:
                    // Memory is gone; the next start finds the store and takes back what was held. A server does not start on a full disk.
                    _store.IsFull = false;
                    _feed = new OperationFeed(_store, new ChangeLog(), new FeedLink(isShared: false), An.Journal(), new QueuedOperations(0), _time);
                    Change(operation => operation.GiveBack(operation.Attempt, now, now));
                    break;
                case Step.FullDisk:
                    _store.IsFull = true;
                    break;
                case Step.RoomAgain:
                    _store.IsFull = false;
                    break;
                case Step.Look:
                    break;
            }
        }

        public void Look()
        {
            OperationStatus status = Live.Current;
            string json = System.Text.Encoding.UTF8.GetString(status.Json.Span);
            _seen.TryAdd(status.Version, json);
            _seen[status.Version].ShouldBe(json, "two snapshots share a version");
            if (_last is not null)
            {
                status.Version.ShouldBeGreaterThanOrEqualTo(_last.Version);
                status.Attempt.ShouldBeGreaterThanOrEqualTo(_last.Attempt);
                if (status.Attempt == _last.Attempt && status.State.IsHeld() && _last.State.IsHeld())
                {
                    status.Progress.ShouldBeGreaterThanOrEqualTo(_last.Progress);
                }
            }

            (status.Progress == 100).ShouldBe(status.IsFinal);
            status.IsFinal.ShouldBe(status.Status is not null);
            status.Activity?.ShouldNotContain("ghost");
            _last = status;
        }

        public void End()
        {
            _store.IsFull = false;
            for (int i = 0; i < 3 && !Live.Current.IsFinal; i++)
            {
                Do(Step.Crash, 0);
                Do(Step.Start, 0);
                Do(Step.Succeed, 0);
                Look();
            }

            Live.Current.IsFinal.ShouldBeTrue();
            _store.Ends.ShouldBe(1);
        }

        private Operation? Change(Func<Operation, Operation?> decide)
        {
            try
            {
                return _feed.ChangeAsync(Live, decide, static _ => []).AsTask().Result;
            }
            catch (AggregateException failure) when (failure.InnerException is StoreUnavailableException)
            {
                return null;
            }
        }
    }
}
