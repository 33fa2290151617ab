using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>
/// Decides what starts when: as many of a queue at once as it has workers, as many of a type as its limit allows, nothing before it is due.
/// Keeps only what is due soon, and a bounded number of it: the sweeper brings the rest from the store in time. Starting is the engine's work; it is
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
    private readonly PriorityQueue<WaitingOperation, (DateTimeOffset DueAt, long Sequence)> _later = new();
    private readonly HashSet<OperationKey> _laterKeys = [];
    private readonly HashSet<string> _leftInStore = [];
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

    /// <summary>Takes in what waits. False when as many are kept as there is room for.</summary>
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

    /// <summary>How many of its type wait before it; null when it is not known here.</summary>
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

        // A type that this server no longer knows gets a lane too: its operations end as failed instead of waiting for ever.
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
            while (queue.TryTake(out DispatchLane _, out WaitingOperation operation))
            {
                start(operation);
            }
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
            _alarm ??= time.CreateTimer(static dispatcher => ((Dispatcher)dispatcher!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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
