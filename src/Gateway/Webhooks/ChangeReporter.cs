using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Webhooks;

/// <summary>
/// Once a second, records the newest snapshot of every operation that has changed, for the subscriptions that want every change. While there are
/// none it only looks at a flag. A change that a crash swallows is made up for at the next start, which begins with all that is unfinished. Where nodes share a store,
/// each records what changed there; what a dead one left is changed by those who take it over.
/// </summary>
internal sealed class ChangeReporter(
    OperationFeed feed, IOperationStore operations, IDeliveryStore deliveries, ISubscriptionStore subscriptions, TimeProvider time, ILogger<ChangeReporter> logger) : BackgroundService
{
    private const int Most = 1000;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Beat, time, stoppingToken);
                try
                {
                    if (subscriptions.WantsChanges)
                    {
                        await FollowAsync(stoppingToken);
                    }
                }
                catch (StoreUnavailableException failure)
                {
                    WebhookLog.StoreFailed(logger, failure);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What has not been recorded is found at the next start.
        }
    }

    private async Task FollowAsync(CancellationToken stopping)
    {
        using var follower = new FeedFollower(feed, operations, new OperationFilter(), time, pause: Beat);
        using CancellationTokenRegistration stop = stopping.Register(follower.Close);
        var changed = new Dictionary<OperationKey, OperationStatus>();
        await using IAsyncEnumerator<FeedEvent> events = follower.ReadAsync(from: null, stopping).GetAsyncEnumerator(stopping);
        while (subscriptions.WantsChanges)
        {
            Task<bool> next = events.MoveNextAsync().AsTask();
            if (!next.IsCompleted || changed.Count >= Most)
            {
                await RecordAsync(changed);
            }

            if (!await next)
            {
                return;
            }

            if (events.Current is { Status: { } status } && !feed.IsForeign(status) && !(status.IsFinal && status.Operation.IsTheEnd))
            {
                changed[status.Key] = status;
            }
        }
    }

    /// <summary>What cannot be written stays for the next time.</summary>
    private async Task RecordAsync(Dictionary<OperationKey, OperationStatus> changed)
    {
        if (changed.Count == 0)
        {
            return;
        }

        try
        {
            await deliveries.RecordChangesAsync(changed.Values, time.GetUtcNow());
            changed.Clear();
        }
        catch (StoreUnavailableException failure)
        {
            WebhookLog.StoreFailed(logger, failure);
        }
    }
}
