using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>How many operations have failed lately, asked of the store at most every few seconds: the dashboard asks for its numbers every two.</summary>
internal sealed class RecentFailures(IOperationStore store, TimeProvider time)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(5);

    private static readonly OperationFilter Failed = new() { States = [OperationState.Failed] };

    private readonly Lock _gate = new();
    private DateTimeOffset _countedAt;
    private int _count;

    public int InLastHour()
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now - _countedAt >= GoodFor)
            {
                _count = Count(now - Hour);
                _countedAt = now;
            }

            return _count;
        }
    }

    private int Count(DateTimeOffset since) =>
        store.ListRecentAsync(Failed, since, default, CancellationToken.None).AsTask().GetAwaiter().GetResult().Count;
}
