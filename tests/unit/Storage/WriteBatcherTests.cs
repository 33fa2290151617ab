using RealtimeOps.UnitTests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeOps.Storage;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Storage;

public sealed class WriteBatcherTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Write_WhileABatchIsBeingCommitted_SharesTheNextOne()
    {
        var log = new Log();
        using WriteBatcher<Session> batcher = Start(log);
        log.HoldCommit();
        Task<int> first = batcher.WriteAsync(_ => 0).AsTask();
        await log.Committing.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Task<int>[] others = Enumerable.Range(1, 50).Select(i => batcher.WriteAsync(_ => i).AsTask()).ToArray();
        first.IsCompleted.ShouldBeFalse("it is not durable yet");
        log.ReleaseCommit();
        (await Task.WhenAll([first, .. others]).WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBe(Enumerable.Range(0, 51));
        log.Commits.ShouldBe(2);
    }

    [Fact]
    public async Task Write_ThatFails_TellsItsWholeBatchAndTheNextOneOpensAnew()
    {
        var log = new Log();
        using WriteBatcher<Session> batcher = Start(log);
        log.FailCommit = true;
        await Should.ThrowAsync<StoreUnavailableException>(() => batcher.WriteAsync(_ => 1).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken));
        batcher.LastFailure.ShouldBe("disk full");
        log.FailCommit = false;
        (await batcher.WriteAsync(_ => 2).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBe(2);
        batcher.LastFailure.ShouldBeNull();
        log.Opened.ShouldBe(2);
    }

    [Fact]
    public async Task Dispose_WritesWhatWasHandedIn_AndRefusesWhatComesLater()
    {
        var log = new Log();
        WriteBatcher<Session> batcher = Start(log);
        Task<int>[] writes = Enumerable.Range(0, 100).Select(i => batcher.WriteAsync(_ => i).AsTask()).ToArray();
        batcher.Dispose();
        (await Task.WhenAll(writes).WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBe(Enumerable.Range(0, 100));
        await Should.ThrowAsync<StoreUnavailableException>(() => batcher.WriteAsync(_ => 1).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task Commit_WithoutAnswer_IsMadeOnceAndOnceOnly(bool wasCommitted, int runs)
    {
        var log = new Log { LostAnswers = 1, WasCommitted = wasCommitted };
        using WriteBatcher<Session> batcher = Start(log);
        int ran = 0;
        (await batcher.WriteAsync(_ => ++ran).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBe(runs);
        ran.ShouldBe(runs);
        batcher.LastFailure.ShouldBeNull();
    }

    [Fact]
    public async Task Commit_WithoutAnswer_IsAskedAboutOnceItsSessionIsClosed()
    {
        var log = new Log { LostAnswers = 1, WasCommitted = true };
        using WriteBatcher<Session> batcher = Start(log);
        await batcher.WriteAsync(_ => 0).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
        log.ClosedWhenAsked.ShouldBe(1);
    }

    [Fact]
    public async Task Write_ThatConflictsAfterAFailure_IsTriedAgain()
    {
        var log = new Log { FailCommit = true };
        using WriteBatcher<Session> batcher = Start(log);
        await Should.ThrowAsync<StoreUnavailableException>(() => batcher.WriteAsync(_ => 1).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken));
        log.FailCommit = false;
        int tries = 0;
        (await batcher.WriteAsync(_ => ++tries < 2 ? throw new InvalidOperationException("deadlock") : tries).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBe(2);
    }

    [Fact]
    public async Task Write_WhoseConnectionBreaks_IsTriedAgain()
    {
        var log = new Log();
        using WriteBatcher<Session> batcher = Start(log);
        int tries = 0;
        (await batcher.WriteAsync(_ => ++tries < 3 ? throw new TimeoutException("gone") : tries).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBe(3);
        log.Opened.ShouldBe(3);
    }

    [Fact]
    public async Task Write_ThatTheDatabaseNeverAccepts_FailsAlone()
    {
        var log = new Log();
        using WriteBatcher<Session> batcher = Start(log);
        log.HoldCommit();
        Task<int> first = batcher.WriteAsync(_ => 0).AsTask();
        await log.Committing.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Task<int> good = batcher.WriteAsync(_ => 1).AsTask();
        Task<int> bad = batcher.WriteAsync<int>(_ => throw new FormatException("bad")).AsTask();
        Task<int> better = batcher.WriteAsync(_ => 2).AsTask();
        log.ReleaseCommit();
        (await Task.WhenAll(first, good, better).WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBe([0, 1, 2]);
        await Should.ThrowAsync<FormatException>(() => bad.WaitAsync(Limit, TestContext.Current.CancellationToken));
        batcher.LastFailure.ShouldBeNull();
    }

    private static WriteBatcher<Session> Start(Log log)
    {
        var batcher = new WriteBatcher<Session>(new Sessions(log), new StoreMetrics(An.Meters, TimeProvider.System), TimeProvider.System, NullLogger<WriteBatcher<Session>>.Instance);
        batcher.Start();
        return batcher;
    }

    private sealed class Log
    {
        private readonly TaskCompletionSource _committing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new(initialState: true);

        public Task Committing => _committing.Task;

        public int Commits { get; private set; }

        public int Opened { get; set; }

        public int Closed { get; set; }

        public int ClosedWhenAsked { get; set; }

        public bool FailCommit { get; set; }

        /// <summary>Commits that get no answer.</summary>
        public int LostAnswers { get; set; }

        /// <summary>What became of them.</summary>
        public bool WasCommitted { get; set; }

        public void HoldCommit() => _open.Reset();

        public void ReleaseCommit() => _open.Set();

        public void Commit()
        {
            _committing.TrySetResult();
            _open.Wait(Limit);
            if (FailCommit)
            {
                throw new IOException("disk full");
            }

            if (LostAnswers > 0)
            {
                LostAnswers--;
                throw new TimeoutException("no answer");
            }

            Commits++;
        }
    }

    private sealed class Sessions(Log log) : IWriteSessions<Session>
    {
        public Session Open() => new(log);

        public WriteFailure Judge(Exception failure, bool isCommitting) => failure switch
        {
            TimeoutException => isCommitting ? WriteFailure.Unknown : WriteFailure.Passing,
            FormatException => WriteFailure.Fault,
            InvalidOperationException => WriteFailure.Conflict,
            _ => WriteFailure.Lasting,
        };

        public bool WasCommitted(Session lost)
        {
            log.ClosedWhenAsked = log.Closed;
            return log.WasCommitted;
        }
    }

    private sealed class Session : IWriteSession
    {
        private readonly Log _log;

        public Session(Log log)
        {
            _log = log;
            log.Opened++;
        }

        public void Begin(int writes)
        {
        }

        public void Flush()
        {
        }

        public void Commit() => _log.Commit();

        public void Dispose() => _log.Closed++;
    }
}
