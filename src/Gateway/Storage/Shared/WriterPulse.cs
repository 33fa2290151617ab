using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage.Shared;

/// <summary>Writes nothing every two seconds: a server that has not written for five is taken for dead by the others.</summary>
internal sealed class WriterPulse(StorageProvider storage, WriteBatcher<SqlSession> writer, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (storage is not SharedStorage)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(static tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default))
        {
            try
            {
                await writer.WriteAsync(static _ => { });
            }
            catch (StoreUnavailableException)
            {
                // The batcher has said so.
            }
        }
    }
}
