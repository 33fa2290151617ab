using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>
/// The waiting operations of one type. Callers take turns, and each caller's own are first come first served. Bounded: what does not fit stays in the store and is
/// fetched later, but however much one caller has waiting, another's few find room.
/// </summary>
internal sealed class DispatchLane(string type, int? limit)
{
    /// <summary>So many are kept, and up to twice as many while callers who have less than <see cref="LeastShare"/> bring theirs.</summary>
    public const int Capacity = 20_000;

    public const int LeastShare = 100;

    /// <summary>Callers beyond these are not remembered; the sweeper brings theirs.</summary>
    private const int MostShares = 20_000;

    /// <summary>So many callers are counted one by one for a position; what the others have is estimated.</summary>
    private const int MostCounted = 256;

    private readonly Dictionary<string, DispatchShare> _shares = new(StringComparer.Ordinal);
    private readonly Queue<DispatchShare> _turns = new();
    private readonly Queue<DispatchShare> _hungry = new();
    private readonly Dictionary<OperationKey, (DispatchShare Share, long Ticket)> _tickets = [];
    private readonly List<WaitingOperation> _arrived = [];
    private DispatchShare? _fetched;
    private int _overflowed;
    private int _count;
    private int _running;

    public string Type => type;

    public int Count => _count;

    public bool CanRun => _count > 0 && (limit is null || _running < limit);

    /// <summary>How many of a share are kept at hand: all shares together stay so far below the capacity that who comes new finds room.</summary>
    private int Portion => Math.Max(LeastShare, Capacity / 2 / Math.Max(1, _shares.Count));

    /// <summary>True when it is kept, or had been; false when it is left to the store.</summary>
    public bool TryAdd(WaitingOperation operation)
    {
        if (_tickets.ContainsKey(operation.Key))
        {
            return true;
        }

        if (ShareOf(operation.Owner) is not { } share)
        {
            return false;
        }

        if (share == _fetched && _arrived.Count < LeastShare)
        {
            // It waits until those before it are here.
            _arrived.Add(operation);
            return true;
        }

        if (share == _fetched || share.Left is not null || !HasRoom(share))
        {
            Leave(share, operation with { Sequence = operation.Sequence - 1 });
            return false;
        }

        Add(share, operation);
        return true;
    }

    /// <summary>The store holds something of this caller that was not brought here.</summary>
    public void LeaveInStore(string owner)
    {
        if (ShareOf(owner) is { } share)
        {
            Leave(share, after: default);
        }
    }

    /// <summary>The next in turn.</summary>
    public WaitingOperation Take()
    {
        DispatchShare share = _turns.Dequeue();
        WaitingOperation operation = share.Take();
        _count--;
        _running++;
        if (share.Count > 0)
        {
            _turns.Enqueue(share);
        }

        Settle(share);
        return operation;
    }

    /// <summary>Its run is over; from now on it may come again.</summary>
    public void Release(OperationKey key)
    {
        _running--;
        _tickets.Remove(key);
    }

    /// <summary>What should be fetched next, if there is anything and nothing is being fetched.</summary>
    public bool TryBeginFetch(out DispatchFetch fetch)
    {
        for (int i = _fetched is null ? _hungry.Count : 0; i > 0; i--)
        {
            DispatchShare share = _hungry.Dequeue();
            // In a full lane not for the sake of one or two.
            if (HasRoom(share) && (_count < Capacity || share.Count <= LeastShare / 2))
            {
                fetch = new DispatchFetch(share, share.Left ?? default, Math.Clamp(Capacity - _count, LeastShare, Portion));
                _fetched = share;
                share.Left = null;
                _overflowed--;
                return true;
            }

            _hungry.Enqueue(share);
        }

        fetch = default;
        return false;
    }

    /// <summary>Takes in what was fetched, and then what came of the same caller meanwhile.</summary>
    /// <param name="fetch">What was asked for.</param>
    /// <param name="found">What the store answered.</param>
    /// <param name="isMore">The store may hold more.</param>
    public void EndFetch(DispatchFetch fetch, IReadOnlyList<WaitingOperation> found, bool isMore)
    {
        (DispatchShare share, WaitingOperation after, _) = fetch;
        foreach (WaitingOperation operation in found)
        {
            if (!_tickets.ContainsKey(operation.Key))
            {
                if (!HasRoom(share))
                {
                    isMore = true;
                    break;
                }

                Add(share, operation);
            }

            after = operation;
        }

        _fetched = null;
        if (isMore)
        {
            Leave(share, after);
        }

        foreach (WaitingOperation operation in _arrived)
        {
            TryAdd(operation);
        }

        _arrived.Clear();
        share.IsHungry = false;
        Settle(share);
    }

    /// <summary>How many are started before it, if nobody else comes: its caller's own, and of each other caller as many, by their turns.</summary>
    public int? Position(OperationKey key)
    {
        if (!_tickets.TryGetValue(key, out (DispatchShare Share, long Ticket) known))
        {
            return _overflowed > 0 || _fetched is not null ? _count : null;
        }

        long ahead = known.Share.Ahead(known.Ticket);
        if (ahead < 0)
        {
            return 0;
        }

        long position = ahead;
        long turns = ahead + 1;
        int counted = known.Share.Count;
        foreach (DispatchShare other in _turns.Take(MostCounted))
        {
            if (other == known.Share)
            {
                turns = ahead;
            }
            else
            {
                position += Math.Min(other.Count, turns);
                counted += other.Count;
            }
        }

        return (int)(position + Math.Min(_count - counted, turns * Math.Max(0, _turns.Count - MostCounted)));
    }

    private bool HasRoom(DispatchShare share) => _count < Capacity || (share.Count < LeastShare && _count < 2 * Capacity);

    private DispatchShare? ShareOf(string owner)
    {
        if (!_shares.TryGetValue(owner, out DispatchShare? share) && _shares.Count < MostShares)
        {
            _shares.Add(owner, share = new DispatchShare(owner));
        }

        return share;
    }

    private void Add(DispatchShare share, WaitingOperation operation)
    {
        if (share.Count == 0)
        {
            _turns.Enqueue(share);
        }

        _tickets.Add(operation.Key, (share, share.Add(operation)));
        _count++;
    }

    /// <summary>The next fetch begins there, or where it would have begun if that is earlier: what comes late to the store may have been due before what was fetched.</summary>
    private void Leave(DispatchShare share, WaitingOperation after)
    {
        if (share.Left is not { } left)
        {
            share.Left = after;
            _overflowed++;
        }
        else if ((after.DueAt, after.Sequence).CompareTo((left.DueAt, left.Sequence)) < 0)
        {
            share.Left = after;
        }

        Settle(share);
    }

    /// <summary>A caller who has nothing here and nothing left in the store is forgotten; one who runs low is to be refilled.</summary>
    private void Settle(DispatchShare share)
    {
        if (share.IsHungry)
        {
            return;
        }

        if (share.Left is not null && share.Count < Portion)
        {
            share.IsHungry = true;
            _hungry.Enqueue(share);
        }
        else if (share.Left is null && share.Count == 0)
        {
            _shares.Remove(share.Owner);
        }
    }
}

/// <summary>What to ask the store for: so many of a caller's, from behind a place.</summary>
internal readonly record struct DispatchFetch(DispatchShare Share, WaitingOperation After, int Most);
