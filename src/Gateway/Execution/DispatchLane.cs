using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>The waiting operations of one type, first come first served. Bounded: what does not fit stays in the store and is fetched later.</summary>
internal sealed class DispatchLane(string type, int? limit)
{
    public const int Capacity = 20_000;

    private readonly Queue<WaitingOperation> _waiting = new();
    private readonly Dictionary<OperationKey, long> _tickets = [];
    private long _nextTicket;
    private long _taken;
    private int _running;

    public string Type => type;

    public int Count => _waiting.Count;

    /// <summary>The store holds more than fits here; new arrivals wait behind those.</summary>
    public bool HasOverflowed { get; set; }

    /// <summary>A fetch from the store is under way.</summary>
    public bool IsFetching { get; set; }

    /// <summary>Where the next fetch from the store goes on.</summary>
    public WaitingOperation Last { get; private set; }

    public bool CanRun => _waiting.Count > 0 && (limit is null || _running < limit);

    /// <summary>False when it was known already, or does not fit.</summary>
    public bool TryAdd(WaitingOperation operation, bool fetched)
    {
        if (_tickets.ContainsKey(operation.Key))
        {
            return false;
        }

        if (_waiting.Count >= Capacity || (HasOverflowed && !fetched))
        {
            HasOverflowed = true;
            return false;
        }

        _tickets.Add(operation.Key, _nextTicket++);
        _waiting.Enqueue(operation);
        Last = operation;
        return true;
    }

    public WaitingOperation Take()
    {
        WaitingOperation operation = _waiting.Dequeue();
        _taken++;
        _running++;
        return operation;
    }

    /// <summary>Its run is over; from now on it may come again.</summary>
    public void Release(OperationKey key)
    {
        _running--;
        _tickets.Remove(key);
    }

    /// <summary>How many were taken in before it and wait still.</summary>
    public int? Position(OperationKey key) =>
        _tickets.TryGetValue(key, out long ticket) ? (int)Math.Max(0, ticket - _taken)
        : HasOverflowed ? _waiting.Count
        : null;
}
