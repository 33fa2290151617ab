using System.Collections.Concurrent;
using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>
/// The newest snapshot of every operation that this node deals with. All changes go through <see cref="ChangeAsync"/>: written
/// first, then shown.
/// </summary>
internal sealed class OperationFeed(IOperationStore store, ChangeLog changes, TimeProvider time)
{
    /// <summary>Snapshots kept for nobody in particular; about 2 KiB each.</summary>
    private const int Capacity = 20_000;

    private readonly ConcurrentDictionary<OperationKey, LiveOperation> _operations = new();
    private readonly ConcurrentQueue<LiveOperation> _contacted = new();
    private long _clock;
    private long _added;
    private int _trimming;

    /// <summary>The order of all changes.</summary>
    public ChangeLog Changes => changes;

    private TimeProvider Time => time;

    /// <summary>The live operation, from memory or from the store; null when there is none.</summary>
    public async ValueTask<LiveOperation?> FindAsync(OperationKey key, CancellationToken cancellationToken)
    {
        if (_operations.TryGetValue(key, out LiveOperation? live) && live.IsLoaded)
        {
            live.LastUsed = Interlocked.Increment(ref _clock);
            return live;
        }

        return await LoadAsync(key, cancellationToken);
    }

    /// <summary>Shows an operation that has just been accepted.</summary>
    public LiveOperation Add(Operation operation)
    {
        LiveOperation live = GetOrAdd(operation.Key);
        live.Publish(operation);
        return live;
    }

    /// <summary>
    /// Lets <paramref name="decide"/> make the next state from the present one, writes it, and shows it once it is durable. Answers null
    /// when <paramref name="decide"/> refuses; decides again when another node was faster.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed.</exception>
    public async ValueTask<Operation?> ChangeAsync(
        LiveOperation live,
        Func<Operation, Operation?> decide,
        Func<Operation, IReadOnlyList<HistoryEvent>> history,
        Payload? result = null)
    {
        await live.ChangeGate.WaitAsync();
        try
        {
            // What this node remembers may be out of date where others write too: no is said only to the newest state.
            bool isNewest = !store.IsShared;
            while (true)
            {
                Operation before = live.Freeze();
                if (decide(before) is not { } next)
                {
                    if (isNewest || !await RefreshAsync(live, before))
                    {
                        return null;
                    }

                    isNewest = true;
                    continue;
                }

                if (ReferenceEquals(next, before))
                {
                    return next;
                }

                if (await store.UpdateAsync(next, history(next), result))
                {
                    Show(live, next);
                    return next;
                }

                await ReloadAsync(live, before);
            }
        }
        finally
        {
            live.Unfreeze();
            live.ChangeGate.Release();
        }
    }

    /// <summary>Links an ended operation with the one that repeats it; both are shown once both are durable.</summary>
    public async ValueTask<LiveOperation> ResubmitAsync(LiveOperation ended, Operation successor, DateTimeOffset now)
    {
        await ended.ChangeGate.WaitAsync();
        try
        {
            while (true)
            {
                Operation before = ended.Freeze();
                Operation next = before.LinkResubmission(successor.Key, now);
                if (await store.ResubmitAsync(successor, next, [new HistoryEvent(now, HistoryEvent.Resubmitted, Detail: successor.Key.ToString())]) is { } accepted)
                {
                    Show(ended, next);
                    return Add(accepted);
                }

                await ReloadAsync(ended, before);
            }
        }
        finally
        {
            ended.Unfreeze();
            ended.ChangeGate.Release();
        }
    }

    /// <summary>The newest snapshot, if it is in memory.</summary>
    public OperationStatus? Newest(OperationKey key) => _operations.TryGetValue(key, out LiveOperation? live) && live.IsLoaded ? live.Current : null;

    /// <summary>Removes a batch of expired operations for good and tells the followers; answers how many it was.</summary>
    public async ValueTask<int> RemoveExpiredAsync(int most)
    {
        IReadOnlyList<Operation> removed = await store.RemoveExpiredAsync(time.GetUtcNow(), most);
        foreach (Operation operation in removed)
        {
            // Who still watches it has seen the end.
            _operations.TryRemove(operation.Key, out _);
            changes.Bury(operation);
        }

        return removed.Count;
    }

    /// <summary>Lets an ended operation expire now, and removes it with others that have.</summary>
    public async ValueTask RemoveAsync(LiveOperation live)
    {
        DateTimeOffset now = time.GetUtcNow();
        await ChangeAsync(live, operation => operation.IsExpired(now) ? operation : operation.MoveExpiry(now, now), static _ => []);
        await RemoveExpiredAsync(most: 100);
    }

    public void RecordContact(LiveOperation live, ContactWay way)
    {
        if (live.Contacts.Add(way, time.GetUtcNow()))
        {
            _contacted.Enqueue(live);
        }
    }

    /// <summary>Writes the contacts counted since the last time.</summary>
    public async ValueTask FlushContactsAsync()
    {
        var contacts = new List<(long, OperationContact)>();
        while (_contacted.TryDequeue(out LiveOperation? live))
        {
            contacts.AddRange(live.Contacts.Collect().Select(contact => (live.Durable.Sequence, contact)));
        }

        if (contacts.Count > 0)
        {
            await store.RecordContactsAsync(contacts);
        }
    }

    /// <summary>Subscribes to an operation; the entry that is watched is the one that changes are published to.</summary>
    public async ValueTask<(LiveOperation Live, StatusSubscription Subscription)?> SubscribeAsync(OperationKey key, CancellationToken cancellationToken)
    {
        while (await FindAsync(key, cancellationToken) is { } live)
        {
            if (live.Subscribe() is { } subscription)
            {
                return (live, subscription);
            }
        }

        return null;
    }

    /// <summary>Answers whether another node has changed it.</summary>
    private async ValueTask<bool> RefreshAsync(LiveOperation live, Operation before)
    {
        if (await store.FindAsync(live.Key, CancellationToken.None) is not { } present || present.Revision <= before.Revision)
        {
            return false;
        }

        live.Publish(present);
        return true;
    }

    /// <summary>Another node was faster: decide anew from what it left.</summary>
    private async ValueTask ReloadAsync(LiveOperation live, Operation before)
    {
        Operation present = await store.FindAsync(live.Key, CancellationToken.None)
            ?? throw new StoreUnavailableException($"{live.Key} has been removed meanwhile.");
        if (present.Revision <= before.Revision)
        {
            throw new InvalidOperationException($"The store refused a change of {live.Key} at revision {before.Revision}, and holds revision {present.Revision}.");
        }

        live.Publish(present);
    }

    private void Show(LiveOperation live, Operation next)
    {
        live.Publish(next);
        if (_operations.TryGetValue(next.Key, out LiveOperation? known) && !ReferenceEquals(known, live))
        {
            known.Publish(next);
        }
    }

    /// <summary>The entry goes into the table before the store is read: a change that commits in between finds it and wins by its revision.</summary>
    private async ValueTask<LiveOperation?> LoadAsync(OperationKey key, CancellationToken cancellationToken)
    {
        LiveOperation live = GetOrAdd(key);
        if (!live.IsLoaded)
        {
            if (await store.FindAsync(key, cancellationToken) is not { } operation)
            {
                if (!live.IsLoaded && live.TryForget())
                {
                    _operations.TryRemove(new KeyValuePair<OperationKey, LiveOperation>(key, live));
                    return null;
                }

                return live;
            }

            live.Publish(operation, isLoad: true);
        }

        return live;
    }

    private LiveOperation GetOrAdd(OperationKey key)
    {
        if (!_operations.TryGetValue(key, out LiveOperation? live))
        {
            live = _operations.GetOrAdd(key, static (key, feed) => new LiveOperation(key, feed.Changes, feed.Time), this);
            if (Interlocked.Increment(ref _added) % 1024 == 0 && _operations.Count > Capacity)
            {
                Trim();
            }
        }

        live.LastUsed = Interlocked.Increment(ref _clock);
        return live;
    }

    /// <summary>Forgets the longest unused quarter of what nobody holds; it can be read again from the store.</summary>
    private void Trim()
    {
        if (Interlocked.Exchange(ref _trimming, 1) == 1)
        {
            return;
        }

        long[] used = _operations.Values.Select(live => live.LastUsed).Order().ToArray();
        long limit = used.Length > Capacity ? used[used.Length - (Capacity * 3 / 4)] : 0;
        foreach (LiveOperation live in _operations.Values)
        {
            if (live.LastUsed < limit && live.IsLoaded && live.TryForget())
            {
                _operations.TryRemove(new KeyValuePair<OperationKey, LiveOperation>(live.Key, live));
            }
        }

        Volatile.Write(ref _trimming, 0);
    }
}
