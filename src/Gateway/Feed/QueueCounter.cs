using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>Asks the store how many operations each caller has waiting: at the start, and where other nodes take from the same queue, again every few seconds.</summary>
internal sealed class QueueCounter(QueuedOperations queued, IOperationStore store, TimeProvider time, ILogger<QueueCounter> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (queued.Limit > 0)
        {
            queued.Set(await store.CountWaitingAsync(cancellationToken));
            await base.StartAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!store.IsShared)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(static tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default))
        {
            try
            {
                queued.Set(await store.CountWaitingAsync(stoppingToken));
            }
            catch (StoreUnavailableException failure)
            {
                FeedLog.NotCounted(logger, failure);
            }
        }
    }
}
