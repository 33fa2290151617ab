using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>
/// Decides what starts when: as many of a queue at once as it has workers, as many of a type as its limit allows, the types of a queue and the callers of a type
/// by turns, nothing before it is due. Keeps only what is due soon, and a bounded number of it: the sweeper brings the rest from the store in time. Starting is the engine's work; it is
/// asked while the dispatcher is locked, so it must only pass the operation on, and tells the end by <see cref="Release"/>.
/// </summary>
internal sealed class Dispatcher(
    Action<WaitingOperation> start,
    int workers,
    int? mostOfType,
    OperationTypes types,
    IOperationStore store,
    TimeSpan sweepInterval,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DispatchQueue> _queues = [];
    private readonly Dictionary<string, (DispatchQueue Queue, DispatchLane Lane)> _lanes = [];
    private readonly DelayedOperations _later = new();
    private ITimer? _alarm;
    private bool _started;

    /// <summary>What is due later than this is left in the store: the sweeper comes by at least twice before.</summary>
    private TimeSpan Horizon => sweepInterval * 2;

    /// <summary>From now on what is due is started.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _started = true;
            Pump_NeedsLock();
        }
    }

    /// <summary>When it returns, nothing more is started.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _started = false;
        }
    }

    /// <summary>Takes in what waits. False when it is left to the store: as many of its caller are kept as there is room for.</summary>
    public bool Enqueue(WaitingOperation operation)
    {
        if (store.IsShared && !types.TryFind(operation.Key.Type, out _))
        {
            // Another node may know what it is.
            return true;
        }

        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (operation.DueAt > now)
            {
                return operation.DueAt > now + Horizon || TryKeepForLater_NeedsLock(operation, now);
            }

            (DispatchQueue _, DispatchLane lane) = LaneOf_NeedsLock(operation.Key.Type);
            bool isKept = lane.TryAdd(operation);
            Refill_NeedsLock(lane);
            Pump_NeedsLock();
            return isKept;
        }
    }

    /// <summary>How many of its type are started before it; null when it is not known here.</summary>
    public int? Position(OperationKey key)
    {
        lock (_gate)
        {
            return _lanes.TryGetValue(key.Type, out var known) ? known.Lane.Position(key) : null;
        }
    }

    /// <summary>What was started has ended; from now on it may come again.</summary>
    public void Release(OperationKey key)
    {
        lock (_gate)
        {
            (DispatchQueue queue, DispatchLane lane) = LaneOf_NeedsLock(key.Type);
            queue.Release(lane, key);
            Refill_NeedsLock(lane);
            Pump_NeedsLock();
        }
    }

    public void Dispose() => _alarm?.Dispose();

    private (DispatchQueue Queue, DispatchLane Lane) LaneOf_NeedsLock(string typeName)
    {
        if (_lanes.TryGetValue(typeName, out var known))
        {
            return known;
        }

        // A type that this server no longer knows gets a lane too where no other may know it: its operations end as failed instead of waiting for ever.
        OperationType? type = types.TryFind(typeName, out OperationType? found) ? found : null;
        string queueName = type?.Queue ?? "default";
        if (!_queues.TryGetValue(queueName, out DispatchQueue? queue))
        {
            _queues.Add(queueName, queue = new DispatchQueue(workers));
        }

        var lane = new DispatchLane(typeName, mostOfType ?? type?.Concurrency);
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
                start(operation);
                Refill_NeedsLock(lane);
            }
        }
    }

    /// <summary>Asked at every event of a lane, so that a fetch that failed is made up for at the next one, at the latest when the sweeper comes by.</summary>
    private void Refill_NeedsLock(DispatchLane lane)
    {
        if (_started && lane.TryBeginFetch(out DispatchFetch fetch))
        {
            _ = Task.Run(() => FetchAsync(lane, fetch));
        }
    }

    /// <summary>Refills the share of a caller who had to leave operations in the store.</summary>
    private async Task FetchAsync(DispatchLane lane, DispatchFetch fetch)
    {
        IReadOnlyList<WaitingOperation>? found = null;
        try
        {
            found = await store.ListWaitingAsync(lane.Type, fetch.Share.Owner, time.GetUtcNow(), fetch.After, fetch.Most, CancellationToken.None);
        }
        catch (StoreUnavailableException failure)
        {
            ExecutionLog.SweepFailed(logger, failure);
        }
        catch (Exception failure)
        {
            ExecutionLog.FetchFailed(logger, failure, lane.Type);
        }

        lock (_gate)
        {
            lane.EndFetch(fetch, found ?? [], isMore: found is null || found.Count == fetch.Most);
            if (found is not null)
            {
                Refill_NeedsLock(lane);
            }

            Pump_NeedsLock();
        }
    }

    private bool TryKeepForLater_NeedsLock(WaitingOperation operation, DateTimeOffset now)
    {
        bool isKept = _later.TryAdd(operation);
        SetAlarm_NeedsLock(now);
        return isKept;
    }

    private void SetAlarm_NeedsLock(DateTimeOffset now)
    {
        if (_later.NextDueAt is { } due)
        {
            // Timers may fire a little early; a millisecond more keeps "not before" true.
            TimeSpan wait = due > now ? due - now + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero;
            _alarm ??= time.CreateTimer(static dispatcher => ((Dispatcher)dispatcher!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _alarm.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void Ring()
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            while (_later.TryTakeDue(now, out WaitingOperation operation))
            {
                LaneOf_NeedsLock(operation.Key.Type).Lane.TryAdd(operation);
            }

            foreach ((string type, string owner) in _later.TakeLeftInStore())
            {
                // There was no room for all that is due now: the lane fetches the rest as it drains, without waiting for the sweeper.
                DispatchLane lane = LaneOf_NeedsLock(type).Lane;
                lane.LeaveInStore(owner);
                Refill_NeedsLock(lane);
            }

            Pump_NeedsLock();
            SetAlarm_NeedsLock(now);
        }
    }
}
