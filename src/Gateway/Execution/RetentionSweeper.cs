using RealtimeOps.Feed;

namespace RealtimeOps.Execution;

/// <summary>Removes what has expired, rows and files, a bounded number at a time so that submissions never wait for it.</summary>
internal sealed class RetentionSweeper(OperationFeed feed, TimeProvider time, ILogger<RetentionSweeper> logger) : BackgroundService
{
    private const int Most = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(static tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default))
        {
            try
            {
                while (await SweepAsync() == Most && !stoppingToken.IsCancellationRequested)
                {
                }
            }
            catch (StoreUnavailableException failure)
            {
                ExecutionLog.ExpiryFailed(logger, failure);
            }
        }
    }

    /// <summary>Removes one batch and answers how many it was.</summary>
    private async Task<int> SweepAsync()
    {
        int removed = await feed.RemoveExpiredAsync(Most);
        if (removed > 0)
        {
            ExecutionLog.Expired(logger, removed);
        }

        return removed;
    }
}
