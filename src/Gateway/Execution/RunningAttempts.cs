using System.Collections.Concurrent;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>All attempts that run on this node.</summary>
internal sealed class RunningAttempts
{
    private readonly ConcurrentDictionary<OperationKey, RunningAttempt> _attempts = new();

    public IEnumerable<RunningAttempt> All => _attempts.Values;

    public int Count => _attempts.Count;

    public bool Contains(OperationKey key) => _attempts.ContainsKey(key);

    /// <summary>An engine that runs a job twice gets here twice; the older attempt has been fenced off by the newer one's claim.</summary>
    public void Add(RunningAttempt attempt) => _attempts[attempt.Key] = attempt;

    public void Remove(RunningAttempt attempt) => _attempts.TryRemove(new KeyValuePair<OperationKey, RunningAttempt>(attempt.Key, attempt));

    /// <summary>The one that runs here under this number; null when there is none.</summary>
    public RunningAttempt? Find(OperationKey key, int number) =>
        _attempts.TryGetValue(key, out RunningAttempt? attempt) && attempt.Number == number ? attempt : null;

    public void Cancel(OperationKey key)
    {
        if (_attempts.TryGetValue(key, out RunningAttempt? attempt))
        {
            attempt.Stop(StopReason.Canceled);
        }
    }

    public void StopAll(StopReason reason, TimeSpan grace)
    {
        foreach (RunningAttempt attempt in _attempts.Values)
        {
            attempt.Stop(reason, grace);
        }
    }
}
