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

    private readonly Dictionary<string, DispatchShare> _shares = new(StringComparer.Ordinal);
    private readonly Queue<DispatchShare> _turns = new();
    private readonly Queue<DispatchShare> _hungry = new();
    private readonly Dictionary<OperationKey, (DispatchShare Share, long Ticket)> _tickets = [];
    private int _count;
    private int _running;
    private bool _isFetching;

    public string Type => type;

    public int Count => _count;

    public bool CanRun => _count > 0 && (limit is null || _running < limit);

    /// <summary>How many of a share are kept at hand: all shares together stay so far below the capacity that who comes new finds room.</summary>
    private int Portion => Math.Max(LeastShare, Capacity / 2 / Math.Max(1, _shares.Count));

    /// <summary>The store holds more of this caller than fits here.</summary>
    public bool IsFull(string owner) => _shares.TryGetValue(owner, out DispatchShare? share) ? share.HasOverflowed : _shares.Count >= MostShares;

    /// <summary>False when it was known already, or is left to the store.</summary>
    public bool TryAdd(WaitingOperation operation)
    {
        if (_tickets.ContainsKey(operation.Key) || ShareOf(operation.Owner) is not { } share)
        {
            return false;
        }

        if (share.HasOverflowed || !HasRoom(share))
        {
            LeaveInStore(share);
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
            LeaveInStore(share);
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

    /// <summary>The caller whose operations should be fetched next, and how many, if there is one and none is being fetched.</summary>
    public bool TryBeginFetch(out DispatchShare share, out int most)
    {
        most = Math.Clamp(Capacity - _count, LeastShare, Portion);
        for (int i = _isFetching ? 0 : _hungry.Count; i > 0; i--)
        {
            share = _hungry.Dequeue();
            if (_count < Capacity || share.Count <= LeastShare / 2)
            {
                _isFetching = true;
                // Taken down first, so that an arrival in between is not lost.
                share.HasOverflowed = false;
                return true;
            }

            _hungry.Enqueue(share);
        }

        share = null!;
        return false;
    }

    /// <summary>Takes in what was fetched.</summary>
    /// <param name="share">Whose it is.</param>
    /// <param name="found">From behind its last.</param>
    /// <param name="isMore">The store may hold more.</param>
    public void EndFetch(DispatchShare share, IReadOnlyList<WaitingOperation> found, bool isMore)
    {
        _isFetching = false;
        share.IsHungry = false;
        foreach (WaitingOperation operation in found)
        {
            if (_tickets.ContainsKey(operation.Key))
            {
                share.Last = operation;
            }
            else if (HasRoom(share))
            {
                Add(share, operation);
            }
            else
            {
                isMore = true;
                break;
            }
        }

        share.HasOverflowed |= isMore;
        Settle(share);
    }

    /// <summary>How many are started before it, if nobody else comes: its caller's own, and of each other caller as many, by their turns.</summary>
    public int? Position(OperationKey key)
    {
        if (!_tickets.TryGetValue(key, out (DispatchShare Share, long Ticket) known))
        {
            return _shares.Values.Any(share => share.HasOverflowed) ? _count : null;
        }

        long ahead = known.Share.Ahead(known.Ticket);
        if (ahead < 0)
        {
            return 0;
        }

        long position = ahead;
        long turns = ahead + 1;
        foreach (DispatchShare other in _turns)
        {
            if (other == known.Share)
            {
                turns = ahead;
            }
            else
            {
                position += Math.Min(other.Count, turns);
            }
        }

        return (int)position;
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

    private void LeaveInStore(DispatchShare share)
    {
        share.HasOverflowed = true;
        Settle(share);
    }

    /// <summary>A caller who has nothing here and nothing left in the store is forgotten; one who runs low is to be refilled.</summary>
    private void Settle(DispatchShare share)
    {
        if (share.IsHungry)
        {
            return;
        }

        if (share.HasOverflowed && share.Count < Portion)
        {
            share.IsHungry = true;
            _hungry.Enqueue(share);
        }
        else if (!share.HasOverflowed && share.Count == 0)
        {
            _shares.Remove(share.Owner);
        }
    }
}
