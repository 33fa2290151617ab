using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Hangfire;

/// <summary>What the dashboard's overview counts, asked of the store at most every few seconds: the dashboard asks for its numbers every two.</summary>
internal sealed class OperationFigures(IOperationStore store, IDeliveryStore deliveries, TimeProvider time)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(5);

    private static readonly OperationFilter Failed = new() { States = [OperationState.Failed] };

    private readonly Lock _gate = new();
    private DateTimeOffset _countedAt;
    private int _failed;
    private long _dead;

    public int FailedInLastHour()
    {
        lock (_gate)
        {
            Count_NeedsLock();
            return _failed;
        }
    }

    public long DeadDeliveries()
    {
        lock (_gate)
        {
            Count_NeedsLock();
            return _dead;
        }
    }

    private void Count_NeedsLock()
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now - _countedAt >= GoodFor)
        {
            _failed = store.ListRecentAsync(Failed, now - Hour, default, CancellationToken.None).AsTask().GetAwaiter().GetResult().Count;
            _dead = deliveries.CountAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult().Dead;
            _countedAt = now;
        }
    }
}
