using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>The operations that this node has in memory: those that somebody holds, and a bounded number of others.</summary>
internal sealed class LiveOperations(ChangeLog changes, TimeProvider time)
{
    /// <summary>Snapshots kept for nobody in particular; about 2 KiB each.</summary>
    private const int Capacity = 20_000;

    private readonly ConcurrentDictionary<OperationKey, LiveOperation> _operations = new();
    private long _clock;
    private long _added;
    private int _trimming;

    /// <summary>Those that somebody watches, or that an attempt of this node holds.</summary>
    public IEnumerable<LiveOperation> Held => _operations.Values.Where(live => live.IsLoaded && live.IsHeld);

    public int Count => _operations.Count;

    public bool TryFind(OperationKey key, [NotNullWhen(true)] out LiveOperation? live) => _operations.TryGetValue(key, out live) && live.IsLoaded;

    /// <summary>The entry, even one that is being loaded.</summary>
    public LiveOperation? Entry(OperationKey key) => _operations.GetValueOrDefault(key);

    public LiveOperation GetOrAdd(OperationKey key)
    {
        if (!_operations.TryGetValue(key, out LiveOperation? live))
        {
            live = _operations.GetOrAdd(key, static (key, parts) => new LiveOperation(key, parts.changes, parts.time), (changes, time));
            if (Interlocked.Increment(ref _added) % 1024 == 0 && _operations.Count > Capacity)
            {
                Trim();
            }
        }

        Use(live);
        return live;
    }

    /// <summary>It is wanted again, so it stays longer.</summary>
    public void Use(LiveOperation live) => live.LastUsed = Interlocked.Increment(ref _clock);

    public void Remove(LiveOperation live) => _operations.TryRemove(new KeyValuePair<OperationKey, LiveOperation>(live.Key, live));

    public bool TryRemove(OperationKey key, [NotNullWhen(true)] out LiveOperation? live) => _operations.TryRemove(key, out live);

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
                Remove(live);
            }
        }

        Volatile.Write(ref _trimming, 0);
    }
}
