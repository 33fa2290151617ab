using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>What is due soon, earliest first. Bounded as a <see cref="DispatchLane"/> is: what one caller has here leaves room for another's few.</summary>
internal sealed class DelayedOperations
{
    private readonly PriorityQueue<WaitingOperation, (DateTimeOffset DueAt, long Sequence)> _waiting = new();
    private readonly HashSet<OperationKey> _keys = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly HashSet<(string Type, string Owner)> _leftInStore = [];

    /// <summary>When the first is due; null when there is none.</summary>
    public DateTimeOffset? NextDueAt => _waiting.TryPeek(out _, out (DateTimeOffset DueAt, long Sequence) first) ? first.DueAt : null;

    /// <summary>True when it is kept, or had been; false when it is left to the store.</summary>
    public bool TryAdd(WaitingOperation operation)
    {
        if (_keys.Contains(operation.Key))
        {
            return true;
        }

        int count = _counts.GetValueOrDefault(operation.Owner);
        if (_waiting.Count >= (count < DispatchLane.LeastShare ? 2 * DispatchLane.Capacity : DispatchLane.Capacity))
        {
            if (_leftInStore.Count < DispatchLane.Capacity)
            {
                _leftInStore.Add((operation.Key.Type, operation.Owner));
            }

            return false;
        }

        _counts[operation.Owner] = count + 1;
        _keys.Add(operation.Key);
        _waiting.Enqueue(operation, (operation.DueAt, operation.Sequence));
        return true;
    }

    public bool TryTakeDue(DateTimeOffset now, out WaitingOperation operation)
    {
        if (!_waiting.TryPeek(out operation, out _) || operation.DueAt > now)
        {
            return false;
        }

        _waiting.Dequeue();
        _keys.Remove(operation.Key);
        int left = _counts[operation.Owner] - 1;
        if (left > 0)
        {
            _counts[operation.Owner] = left;
        }
        else
        {
            _counts.Remove(operation.Owner);
        }

        return true;
    }

    /// <summary>Whose operations found no room since the last time, and of what type.</summary>
    public IReadOnlyList<(string Type, string Owner)> TakeLeftInStore()
    {
        (string, string)[] left = [.. _leftInStore];
        _leftInStore.Clear();
        return left;
    }
}
