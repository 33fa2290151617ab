using System.Collections.Concurrent;
using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>
/// The newest snapshot of every operation that this node deals with. All changes go through <see cref="ChangeAsync"/>: written
/// first, then shown.
/// </summary>
internal sealed partial class OperationFeed(IOperationStore store, ChangeLog changes, FeedLink link, OperationJournal journal, QueuedOperations queued, TimeProvider time)
{
    private readonly LiveOperations _operations = new(changes, time);
    private readonly ConcurrentQueue<LiveOperation> _contacted = new();
    private readonly SemaphoreSlim _writingContacts = new(1);

    /// <summary>How many operations are in memory; bounded, but for those that somebody holds.</summary>
    public int InMemory => _operations.Count;

    /// <summary>The order of all changes.</summary>
    public ChangeLog Changes => changes;

    /// <summary>The live operation, from memory where that can be believed, else from the store; null when there is none.</summary>
    public async ValueTask<LiveOperation?> FindAsync(OperationKey key, CancellationToken cancellationToken)
    {
        if (_operations.TryFind(key, out LiveOperation? live) && IsTrue(live))
        {
            _operations.Use(live);
            return live;
        }

        return await LoadAsync(key, cancellationToken);
    }

    /// <summary>What the store holds, with nothing missing.</summary>
    public async ValueTask<Operation> ReadWholeAsync(LiveOperation live)
    {
        Operation? whole;
        while ((whole = live.Whole) is null)
        {
            live.Load(await ReadAsync(live, live.Durable.Revision));
        }

        return whole;
    }

    /// <summary>Shows an operation that has just been accepted.</summary>
    public LiveOperation Add(Operation operation)
    {
        LiveOperation live = _operations.GetOrAdd(operation.Key);
        live.Publish(operation);
        live.Generation = link.Generation;
        journal.Accepted(operation);
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
        bool isInDoubt = live.IsFrozen;
        try
        {
            // What this node remembers may be out of date where others write too: no is said only to the newest state.
            bool isNewest = !store.IsShared;
            while (true)
            {
                Operation before = await FreezeAsync(live);
                int generation = link.Generation;
                if (decide(before) is not { } next)
                {
                    if (isNewest && !isInDoubt)
                    {
                        return null;
                    }

                    Operation? present = await store.FindAsync(live.Key, CancellationToken.None);
                    isInDoubt = false;
                    if (present is null || present.Revision <= before.Revision)
                    {
                        return null;
                    }

                    live.Load(present);
                    isNewest = true;
                    continue;
                }

                if (ReferenceEquals(next, before))
                {
                    return next;
                }

                if (await store.UpdateAsync(next, history(next), result))
                {
                    isInDoubt = false;
                    queued.Follow(before, next);
                    Show(live, before, next, generation);
                    return next;
                }

                await ReloadAsync(live, before);
                isInDoubt = false;
            }
        }
        catch (StoreUnavailableException failure) when (failure.IsOutcomeUnknown)
        {
            isInDoubt = true;
            throw;
        }
        finally
        {
            Thaw(live, isInDoubt);
        }
    }

    /// <summary>Links an ended operation with the one that repeats it; both are shown once both are durable.</summary>
    public async ValueTask<LiveOperation> ResubmitAsync(LiveOperation ended, Operation successor, DateTimeOffset now)
    {
        await ended.ChangeGate.WaitAsync();
        bool isInDoubt = ended.IsFrozen;
        try
        {
            while (true)
            {
                Operation before = await FreezeAsync(ended);
                int generation = link.Generation;
                Operation next = before.LinkResubmission(successor.Key, now);
                if (await store.ResubmitAsync(successor, next, [new HistoryEvent(now, HistoryEvent.Resubmitted, Detail: successor.Key.ToString())]) is { } accepted)
                {
                    isInDoubt = false;
                    Show(ended, next, generation);
                    return Add(accepted);
                }

                await ReloadAsync(ended, before);
                isInDoubt = false;
            }
        }
        catch (StoreUnavailableException failure) when (failure.IsOutcomeUnknown)
        {
            isInDoubt = true;
            throw;
        }
        finally
        {
            Thaw(ended, isInDoubt);
        }
    }

    /// <summary>The newest snapshot, if it is in memory.</summary>
    public OperationStatus? Newest(OperationKey key) => _operations.TryFind(key, out LiveOperation? live) ? live.Current : null;

    /// <summary>The newest snapshot of an operation that was just read from the store.</summary>
    public OperationStatus Newest(Operation stored) => Newest(stored.Key) is { } status && status.Version >= stored.Version ? status : new OperationStatus(stored);

    /// <summary>Whether another node showed this snapshot, and so has told everybody.</summary>
    public bool IsForeign(OperationStatus status) => _operations.TryFind(status.Key, out LiveOperation? live) && live.IsForeign(status);

    /// <summary>Removes a batch of expired operations for good and tells the followers; answers how many it was.</summary>
    public async ValueTask<int> RemoveExpiredAsync(int most)
    {
        IReadOnlyList<Operation> removed = await store.RemoveExpiredAsync(time.GetUtcNow(), most);
        foreach (Operation operation in removed)
        {
            Bury(operation);
            journal.Removed(operation);
            link.Tell(new FeedMessage.Gone(operation));
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

    /// <summary>Writes the contacts counted since the last time; one at a time, so that who comes during a write finds its contacts written too.</summary>
    public async ValueTask FlushContactsAsync()
    {
        await _writingContacts.WaitAsync();
        try
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
        finally
        {
            _writingContacts.Release();
        }
    }

    /// <summary>Subscribes to an operation; the entry that is watched is the one that changes are published to.</summary>
    public async ValueTask<(LiveOperation Live, StatusSubscription Subscription)?> SubscribeAsync(OperationKey key, CancellationToken cancellationToken)
    {
        while (await FindAsync(key, cancellationToken) is { } live)
        {
            if (live.Subscribe() is not { } subscription)
            {
                continue;
            }

            // A gap in what is heard is made up for by reading again what is held. If there was one since this was read, it was not held then; while nothing is heard, it is read again in time.
            if (IsTrue(live) || !link.IsConnected)
            {
                return (live, subscription);
            }

            subscription.Dispose();
        }

        return null;
    }

    /// <summary>Nobody knows better than an attempt that runs here, nor than this node while it hears of every change.</summary>
    private bool IsTrue(LiveOperation live) => link.IsPresent(live.Generation) || live.IsReporting;

    private async ValueTask<Operation> FreezeAsync(LiveOperation live)
    {
        Operation before;
        while (!live.TryFreeze(out before))
        {
            live.Load(await ReadAsync(live, before.Revision));
        }

        return before;
    }

    /// <summary>Lets the next one change it. What may have been written has taken its version: no other snapshot is made with it until the store has told.</summary>
    private static void Thaw(LiveOperation live, bool isInDoubt)
    {
        if (!isInDoubt)
        {
            live.Unfreeze();
        }

        live.ChangeGate.Release();
    }

    /// <summary>Another node was faster: decide anew from what it left.</summary>
    private async ValueTask ReloadAsync(LiveOperation live, Operation before) => live.Load(await ReadAsync(live, before.Revision + 1));

    private async ValueTask<Operation> ReadAsync(LiveOperation live, long revision)
    {
        Operation present = await store.FindAsync(live.Key, CancellationToken.None)
            ?? throw new StoreUnavailableException($"{live.Key} has been removed meanwhile.");
        return present.Revision >= revision
            ? present
            : throw new InvalidOperationException($"{live.Key} must be at revision {revision}, and the store holds revision {present.Revision}.");
    }

    /// <summary>Whoever it wakes may look into the log or the metrics.</summary>
    private void Show(LiveOperation live, Operation before, Operation next, int generation)
    {
        try
        {
            journal.Changed(before, next);
        }
        finally
        {
            Show(live, next, generation);
        }
    }

    private void Show(LiveOperation live, Operation next, int generation)
    {
        live.Publish(next);
        live.Generation = generation;
        if (_operations.Entry(next.Key) is { } known && known != live)
        {
            known.Publish(next);
        }
    }

    /// <summary>The entry goes into the table before the store is read: a change that commits in between finds it and wins by its revision.</summary>
    /// <param name="key">Which.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="always">Reads it even if what is in memory can be believed.</param>
    private async ValueTask<LiveOperation?> LoadAsync(OperationKey key, CancellationToken cancellationToken, bool always = false)
    {
        LiveOperation live = _operations.GetOrAdd(key);
        int generation = link.Generation;
        bool isKnown = live.IsLoaded;
        if (isKnown && !always && IsTrue(live))
        {
            return live;
        }

        Operation? found;
        try
        {
            found = await store.FindAsync(key, cancellationToken);
        }
        catch
        {
            ForgetUnlessLoaded(live);
            throw;
        }

        if (found is not null)
        {
            live.Load(found);
            live.Generation = generation;
            if (!live.IsForgotten)
            {
                return live;
            }

            // Whoever else was loading it has given up, and the entry with it.
            _operations.Remove(live);
            return await LoadAsync(key, cancellationToken);
        }

        if (isKnown)
        {
            Forget(live);
            return null;
        }

        return ForgetUnlessLoaded(live) ? null : live;
    }

    private bool ForgetUnlessLoaded(LiveOperation live)
    {
        bool forgets = !live.IsLoaded && live.TryForget();
        if (forgets)
        {
            Forget(live);
        }

        return forgets;
    }

    private void Forget(LiveOperation live)
    {
        _operations.Remove(live);
        live.Vanish();
    }
}
