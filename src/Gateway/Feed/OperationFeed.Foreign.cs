using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>What other nodes do to operations.</summary>
internal sealed partial class OperationFeed
{
    private const int Page = 500;

    /// <summary>No generation of the link.</summary>
    private const int Unread = -2;

    /// <summary>Another node shows a newer snapshot.</summary>
    public void Receive(OperationStatus status) => _operations.GetOrAdd(status.Key).Receive(status);

    /// <summary>
    /// The version that a reader says it has, whichever node showed it: this one may not have heard of it yet, and must not show anything older as news. Zero when
    /// nobody can have shown it.
    /// </summary>
    public async ValueTask<long> BelieveAsync(LiveOperation live, long? told, CancellationToken cancellationToken)
    {
        if (store.IsShared && told > live.Durable.VersionCeiling)
        {
            await CatchUpAsync(live, cancellationToken);
        }

        return told <= (store.IsShared ? live.Durable.VersionCeiling : live.Current.Version) ? told.Value : 0;
    }

    /// <summary>For who cannot wait until this node hears what another has written a moment ago.</summary>
    public async ValueTask CatchUpAsync(LiveOperation live, CancellationToken cancellationToken)
    {
        if (store.IsShared && await store.FindAsync(live.Key, cancellationToken) is { } present)
        {
            live.Load(present);
        }
    }

    /// <summary>The operation was removed, here or on another node. Who watches it here may have to be shown its end yet.</summary>
    public void Bury(Operation last)
    {
        if (_operations.TryRemove(last.Key, out LiveOperation? live))
        {
            live.Receive(new OperationStatus(last));
        }

        changes.Bury(last);
    }

    /// <summary>Something is known to have happened to it: what is in memory is not believed until it has been read again.</summary>
    public void Doubt(OperationKey key)
    {
        if (_operations.Entry(key) is { } live)
        {
            live.Generation = Unread;
        }
    }

    /// <summary>Another node has changed it: what was read before is read again.</summary>
    public async ValueTask LookAsync(OperationKey key, CancellationToken cancellationToken)
    {
        LiveOperation live = _operations.GetOrAdd(key);
        Operation? known = live.IsLoaded ? live.Durable : null;
        live.Generation = Unread;
        if (await LoadAsync(key, cancellationToken, always: true) is not null)
        {
            // Followers may know it although nobody here had it in memory.
            live.Announce();
        }
        else if (known is not null)
        {
            changes.Bury(known);
        }
        else
        {
            // Whoever followed it cannot be told what it was.
            changes.BeginEpoch();
        }
    }

    /// <summary>Reads again what somebody holds here.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        foreach (LiveOperation[] page in _operations.Held.Chunk(Page))
        {
            int generation = link.Generation;
            IReadOnlyList<Operation> found = await store.FindManyAsync([.. page.Select(live => live.Durable.Sequence)], cancellationToken);
            Dictionary<OperationKey, Operation> stored = found.ToDictionary(operation => operation.Key);
            foreach (LiveOperation live in page)
            {
                if (stored.TryGetValue(live.Key, out Operation? operation))
                {
                    live.Load(operation);
                    live.Generation = generation;
                }
                else
                {
                    Forget(live);
                }
            }
        }
    }
}
