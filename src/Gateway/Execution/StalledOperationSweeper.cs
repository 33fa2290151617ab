using Microsoft.Extensions.Options;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>
/// Keeps the promise of the 202 whatever was forgotten: tells the engine of everything that waits in the store, and takes
/// operations back from attempts that are gone.
/// </summary>
internal sealed class StalledOperationSweeper(
    IOperationStore store,
    OperationFeed feed,
    IExecutionEngine engine,
    RunningAttempts attempts,
    OperationTypes types,
    IOptions<ExecutionOptions> options,
    TimeProvider time,
    ILogger<StalledOperationSweeper> logger) : BackgroundService
{
    private const int Page = 10_000;

    private static readonly TimeSpan Headstart = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(250);

    private long _lastSweep = time.GetTimestamp();
    private long? _upSince;
    private bool _isFirst = true;

    /// <summary>When it last came by, as a timestamp.</summary>
    public long LastSweep => Volatile.Read(ref _lastSweep);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!store.IsShared)
        {
            // Nobody else uses an embedded store: whatever is held now is left from a process that died.
            await TakeBackAsync(DateTimeOffset.MaxValue, cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>Looks once at all that waits or has been left.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            DateTimeOffset until = now + (options.Value.SweepInterval * 2);
            IReadOnlyList<WaitingOwner> owners = await store.ListWaitingOwnersAsync(until, cancellationToken);
            bool hasSettled = !store.IsShared || HasSettled(start);
            await EnqueueWaitingAsync(owners, now, until, cancellationToken);
            if (hasSettled)
            {
                await TakeBackAsync(time.GetUtcNow(), cancellationToken);
            }
        }
        catch (StoreUnavailableException failure)
        {
            _upSince = null;
            ExecutionLog.SweepFailed(logger, failure);
        }

        Volatile.Write(ref _lastSweep, time.GetTimestamp());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        do
        {
            await SweepAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(static tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default));
    }

    /// <summary>
    /// After an outage of a shared store all leases may have lapsed, with their holders alive and about to renew them: these come first. A server that starts may have been kept by that
    /// outage, and one that was slow to answer may have hung.
    /// </summary>
    private bool HasSettled(long start)
    {
        TimeSpan grace = options.Value.Lease / 3;
        if (_upSince is null || time.GetElapsedTime(start) >= grace)
        {
            _upSince = time.GetTimestamp();
        }

        return time.GetElapsedTime(_upSince.Value) >= grace;
    }

    private async Task EnqueueWaitingAsync(IReadOnlyList<WaitingOwner> owners, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        foreach (WaitingOwner waiting in owners)
        {
            // Where other nodes are, one of them may know a type that this one does not.
            if (!store.IsShared || types.TryFind(waiting.Type, out _))
            {
                await EnqueueWaitingAsync(waiting, now, until, cancellationToken);
            }
        }

        _isFirst = false;
    }

    /// <summary>All that one owner has, page by page, until the engine has as much of it as it can keep: another's comes all the same.</summary>
    private async Task EnqueueWaitingAsync(WaitingOwner waiting, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        WaitingOperation last = default;
        IReadOnlyList<WaitingOperation> page;
        do
        {
            page = await store.ListWaitingAsync(waiting.Type, waiting.Owner, until, last, Page, cancellationToken);
            if (page.Count > 0)
            {
                last = page[^1];
            }

            foreach (WaitingOperation operation in store.IsShared ? NotOthers(page, now) : page)
            {
                if (!engine.Enqueue(operation))
                {
                    return;
                }
            }
        }
        while (page.Count == Page);
    }

    /// <summary>
    /// Each node runs what it accepted; the rest is for whoever has time, or for when that node is gone. So what became due lately is left to it, and what will be
    /// due comes here a little later than there. What has waited for long is taken in any order, so that helpers do not run after the same ones.
    /// </summary>
    private IEnumerable<WaitingOperation> NotOthers(IReadOnlyList<WaitingOperation> page, DateTimeOffset now)
    {
        DateTimeOffset forgotten = _isFirst ? now : now - (options.Value.SweepInterval * 2);
        WaitingOperation[] overdue = [.. page.Where(operation => operation.DueAt <= forgotten)];
        Random.Shared.Shuffle(overdue);
        return overdue.Concat(page.Where(operation => operation.DueAt > now).Select(operation => operation with { DueAt = operation.DueAt + Headstart + (Random.Shared.NextDouble() * Spread) }));
    }

    private async Task TakeBackAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        int taken = 0;
        foreach (OperationKey key in await store.ListLapsedAsync(until, Page, cancellationToken))
        {
            // An attempt of our own that the machine kept from renewing its lease still runs: it renews it at its next beat.
            if (!attempts.Contains(key) && await feed.FindAsync(key, cancellationToken) is { } live)
            {
                taken += await TakeBackAsync(live, until) ? 1 : 0;
            }
        }

        if (taken > 0)
        {
            ExecutionLog.TakenBack(logger, taken);
        }
    }

    private async Task<bool> TakeBackAsync(LiveOperation live, DateTimeOffset until)
    {
        DateTimeOffset now = time.GetUtcNow();
        int attempt = 0;
        Operation? taken = await feed.ChangeAsync(
            live,
            operation =>
            {
                // Another node may have given it back, and begun anew, since the list was read.
                attempt = operation.Attempt;
                return operation.LeaseUntil <= until ? operation.GiveBack(attempt, now, now) : null;
            },
            operation =>
            [
                new HistoryEvent(now, HistoryEvent.AttemptFailed, attempt, "The server that ran it is gone."),
                .. operation.State.IsFinal() ? [new HistoryEvent(now, HistoryEvent.Ended, attempt, operation.Message)] : Array.Empty<HistoryEvent>(),
            ]);
        if (taken is { } waits && waits.State.IsWaiting())
        {
            engine.Enqueue(WaitingOperation.Of(waits));
        }

        return taken is not null;
    }
}
