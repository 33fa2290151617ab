using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>How many operations each caller has waiting, as far as this node knows. Counted only where there is a limit, and in memory: a submission asks no database for it.</summary>
/// <param name="limit">How many each may have; 0 for any number.</param>
internal sealed class QueuedOperations(int limit)
{
    private readonly Lock _gate = new();
    private Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>0 when there is none.</summary>
    public int Limit => limit;

    /// <summary>Counts one more; false, and nothing is counted, when the owner has as many as it may.</summary>
    public bool TryEnter(string owner)
    {
        if (Limit == 0)
        {
            return true;
        }

        lock (_gate)
        {
            int count = _counts.GetValueOrDefault(owner);
            if (count >= Limit)
            {
                return false;
            }

            _counts[owner] = count + 1;
            return true;
        }
    }

    /// <summary>Counts one more or less, whatever the limit.</summary>
    public void Add(string owner, int change)
    {
        if (Limit == 0)
        {
            return;
        }

        lock (_gate)
        {
            int count = _counts.GetValueOrDefault(owner) + change;
            if (count == 0)
            {
                _counts.Remove(owner);
            }
            else
            {
                // Below zero for a moment: an operation may start before who stored it has counted it.
                _counts[owner] = count;
            }
        }
    }

    /// <summary>An operation has changed.</summary>
    public void Follow(Operation before, Operation next)
    {
        if (before.State.IsWaiting() != next.State.IsWaiting())
        {
            Add(next.Owner, next.State.IsWaiting() ? 1 : -1);
        }
    }

    /// <summary>Begins anew from what the store says.</summary>
    public void Set(IEnumerable<(string Owner, int Count)> counts)
    {
        var found = counts.ToDictionary(StringComparer.Ordinal);
        lock (_gate)
        {
            _counts = found;
        }
    }
}
