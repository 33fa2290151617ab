using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Webhooks;

/// <summary>
/// Removes messages that nobody will ask for any more, and expired subscriptions, and gives up what nobody fetches; a bounded number at a time so that nothing
/// waits for it.
/// </summary>
internal sealed class DeliverySweeper(
    IDeliveryStore deliveries, IMailboxStore mailboxes, ISubscriptionStore subscriptions, IOptions<RealtimeOpsOptions> options, TimeProvider time, ILogger<DeliverySweeper> logger) : BackgroundService
{
    private const int Most = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(static tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default))
        {
            try
            {
                await subscriptions.RemoveExpiredAsync(time.GetUtcNow());
                while (await GiveUpAsync() == Most && !stoppingToken.IsCancellationRequested)
                {
                }

                while (await SweepAsync() >= Most && !stoppingToken.IsCancellationRequested)
                {
                }
            }
            catch (StoreUnavailableException failure)
            {
                WebhookLog.StoreFailed(logger, failure);
            }
        }
    }

    private async Task<int> GiveUpAsync()
    {
        DateTimeOffset now = time.GetUtcNow();
        (int count, IReadOnlyList<Subscription> disabled) = await mailboxes.GiveUpAsync(now - options.Value.Mailboxes.KeepFor, now, options.Value.Webhooks.DisableAfter, Most);
        if (count > 0)
        {
            WebhookLog.NotFetched(logger, count);
        }

        foreach (Subscription subscription in disabled)
        {
            WebhookLog.Disabled(logger, subscription.Id, subscription.DisabledReason!);
        }

        return count;
    }

    private async Task<int> SweepAsync()
    {
        DateTimeOffset now = time.GetUtcNow();
        int removed = await deliveries.RemoveOldAsync(now - options.Value.Webhooks.KeepDelivered, now - options.Value.Webhooks.KeepUndelivered, Most);
        if (removed > 0)
        {
            WebhookLog.Removed(logger, removed);
        }

        return removed;
    }
}
