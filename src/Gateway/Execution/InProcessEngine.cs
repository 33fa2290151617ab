using Microsoft.Extensions.Options;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>
/// Runs operations on this node's thread pool: as many of a queue at once as it has workers, as many of a type as its limit allows.
/// Keeps only what is due soon, and a bounded number of it: the sweeper brings the rest from the store in time.
/// </summary>
internal sealed class InProcessEngine(
    OperationRunner runner,
    OperationTypes types,
    RunningAttempts attempts,
    IOperationStore store,
    IHostApplicationLifetime lifetime,
    IOptions<ExecutionOptions> options,
    TimeProvider time,
    ILogger<InProcessEngine> logger) : IExecutionEngine, IHostedService, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DispatchQueue> _queues = [];
    private readonly Dictionary<string, (DispatchQueue Queue, DispatchLane Lane)> _lanes = [];
    private readonly PriorityQueue<WaitingOperation, (DateTimeOffset DueAt, long Sequence)> _later = new();
    private readonly HashSet<OperationKey> _laterKeys = [];
    private readonly HashSet<string> _leftInStore = [];
    private readonly HashSet<Task> _runs = [];
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _alarm;
    private bool _started;

    /// <summary>What is due later than this is left in the store: the sweeper comes by at least twice before.</summary>
    private TimeSpan Horizon => options.Value.SweepInterval * 2;

    public bool Enqueue(WaitingOperation operation)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (operation.DueAt > now)
            {
                return operation.DueAt > now + Horizon || TryKeepForLater_NeedsLock(operation, now);
            }

            (DispatchQueue _, DispatchLane lane) = LaneOf_NeedsLock(operation.Key.Type);
            lane.TryAdd(operation, fetched: false);
            Refill_NeedsLock(lane);
            Pump_NeedsLock();
            return !lane.HasOverflowed;
        }
    }

    public void Cancel(OperationKey key) => attempts.Cancel(key);

    public int? QueuePosition(OperationKey key)
    {
        lock (_gate)
        {
            return _lanes.TryGetValue(key.Type, out var known) ? known.Lane.Position(key) : null;
        }
    }

    /// <summary>Nothing runs before the server listens: one that cannot must not begin work only to drop it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Begin);
        return Task.CompletedTask;
    }

    /// <summary>Asks all handlers to stop and waits for them, or for the grace to be over. What did not end is in the queue again.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] runs;
        lock (_gate)
        {
            _started = false;
            runs = [.. _runs];
        }

        await _stopping.CancelAsync();
        attempts.StopAll(StopReason.ShuttingDown, options.Value.StopGrace);
        await Task.WhenAll(runs).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _alarm?.Dispose();
        _stopping.Dispose();
    }

    private void Begin()
    {
        lock (_gate)
        {
            _started = true;
            Pump_NeedsLock();
        }
    }

    private (DispatchQueue Queue, DispatchLane Lane) LaneOf_NeedsLock(string typeName)
    {
        if (_lanes.TryGetValue(typeName, out var known))
        {
            return known;
        }

        // A type that this server no longer knows gets a lane too: its operations end as failed instead of waiting for ever.
        OperationType? type = types.TryFind(typeName, out OperationType? found) ? found : null;
        string queueName = type?.Queue ?? "default";
        if (!_queues.TryGetValue(queueName, out DispatchQueue? queue))
        {
            _queues.Add(queueName, queue = new DispatchQueue(options.Value.Workers));
        }

        var lane = new DispatchLane(typeName, type?.Concurrency);
        queue.Add(lane);
        _lanes.Add(typeName, (queue, lane));
        return (queue, lane);
    }

    private void Pump_NeedsLock()
    {
        if (!_started)
        {
            return;
        }

        foreach (DispatchQueue queue in _queues.Values)
        {
            while (queue.TryTake(out DispatchLane lane, out WaitingOperation operation))
            {
                DispatchLane from = lane;
                Task run = Task.Run(() => RunAsync(queue, from, operation.Key));
                _runs.Add(run);
                _ = run.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private void Forget(Task run)
    {
        lock (_gate)
        {
            _runs.Remove(run);
        }
    }

    private async Task RunAsync(DispatchQueue queue, DispatchLane lane, OperationKey key)
    {
        Operation? left = null;
        try
        {
            left = await runner.RunAsync(key, _stopping.Token);
        }
        catch (StoreUnavailableException)
        {
            // The batcher has said so; the operation waits in the store, and the sweeper brings it again.
        }
        catch (Exception failure)
        {
            ExecutionLog.RunFailed(logger, failure, key);
        }

        lock (_gate)
        {
            queue.Release(lane, key);
            Refill_NeedsLock(lane);
            Pump_NeedsLock();
        }

        if (left is { } waits && waits.State.IsWaiting())
        {
            Enqueue(new WaitingOperation(key, waits.Sequence, waits.DueAt));
        }
    }

    /// <summary>Asked at every event of a lane, so that a fetch that failed is made up for at the next one, at the latest when the sweeper comes by.</summary>
    private void Refill_NeedsLock(DispatchLane lane)
    {
        if (_started && lane.HasOverflowed && !lane.IsFetching && lane.Count < DispatchLane.Capacity / 2)
        {
            lane.IsFetching = true;
            _ = Task.Run(() => FetchAsync(lane));
        }
    }

    /// <summary>Refills a lane that had to leave operations in the store. The mark is taken down first, so that an arrival in between is not lost.</summary>
    private async Task FetchAsync(DispatchLane lane)
    {
        const int most = DispatchLane.Capacity / 2;
        WaitingOperation last;
        lock (_gate)
        {
            lane.HasOverflowed = false;
            last = lane.Last;
        }

        IReadOnlyList<WaitingOperation> found = [];
        bool isMore = true;
        try
        {
            found = await store.ListWaitingAsync(lane.Type, time.GetUtcNow(), last, most, CancellationToken.None);
            isMore = found.Count == most;
        }
        catch (StoreUnavailableException failure)
        {
            ExecutionLog.SweepFailed(logger, failure);
        }

        lock (_gate)
        {
            lane.IsFetching = false;
            lane.HasOverflowed |= isMore;
            foreach (WaitingOperation operation in found)
            {
                lane.TryAdd(operation, fetched: true);
            }

            Pump_NeedsLock();
        }
    }

    private bool TryKeepForLater_NeedsLock(WaitingOperation operation, DateTimeOffset now)
    {
        if (_laterKeys.Contains(operation.Key))
        {
            return true;
        }

        if (_later.Count >= DispatchLane.Capacity)
        {
            _leftInStore.Add(operation.Key.Type);
            return false;
        }

        _laterKeys.Add(operation.Key);
        _later.Enqueue(operation, (operation.DueAt, operation.Sequence));
        SetAlarm_NeedsLock(now);
        return true;
    }

    private void SetAlarm_NeedsLock(DateTimeOffset now)
    {
        if (_later.TryPeek(out _, out (DateTimeOffset DueAt, long Sequence) first))
        {
            DateTimeOffset due = first.DueAt;
            // Timers may fire a little early; a millisecond more keeps "not before" true.
            TimeSpan wait = due > now ? due - now + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;
            _alarm ??= time.CreateTimer(static engine => ((InProcessEngine)engine!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _alarm.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void Ring()
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            while (_later.TryPeek(out WaitingOperation operation, out _) && operation.DueAt <= now)
            {
                _later.Dequeue();
                _laterKeys.Remove(operation.Key);
                (DispatchQueue _, DispatchLane lane) = LaneOf_NeedsLock(operation.Key.Type);
                lane.TryAdd(operation, fetched: false);
            }

            foreach (string type in _leftInStore)
            {
                // There was no room for all that is due now: the lane fetches the rest as it drains, without waiting for the sweeper.
                DispatchLane lane = LaneOf_NeedsLock(type).Lane;
                lane.HasOverflowed = true;
                Refill_NeedsLock(lane);
            }

            _leftInStore.Clear();

            Pump_NeedsLock();
            SetAlarm_NeedsLock(now);
        }
    }
}
