using System.Data.Common;
using RealtimeOps.Storage.Sql;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Shared;

/// <summary>Looks every moment for what other servers have left in the database, since nobody tells of it: new messages to send or to fetch, subscriptions, payloads without a name.</summary>
internal sealed class SharedStoreCare(
    StorageProvider storage, SubscriptionStore subscriptions, DeliveryStore messages, DeliverySignal deliveries, MailboxSignal mailboxes, TimeProvider time, ILogger<SharedStoreCare> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (storage is not SharedStorage shared)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(static tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default))
        {
            try
            {
                deliveries.RaiseAll();
                mailboxes.RaiseAll();
                await subscriptions.RefreshAsync(stoppingToken);
                await messages.UnholdStrayAsync(storage.Time.GetUtcNow(), stoppingToken);
                await shared.Chunks.SweepAsync(stoppingToken);
                await shared.SweepWritersAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is DbException or StoreUnavailableException)
            {
                StorageLog.CareFailed(logger, failure);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
