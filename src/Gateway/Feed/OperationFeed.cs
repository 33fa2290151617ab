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
