using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Webhooks;

/// <summary>Carries one message at a time: takes it from the store, has it sent, and records what became of it.</summary>
internal sealed class DeliveryCourier(
    IDeliveryStore store,
    MessageSender http,
    DeliverySignal signal,
    DeliveryMetrics metrics,
    IOptions<RealtimeOpsOptions> options,
    TimeProvider time,
    ILogger<DeliveryCourier> logger)
{
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _timeout = options.Value.Webhooks.Timeout;

    /// <summary>As long as a page of a target that hangs takes, and once more for the wait to be admitted. For so long nobody sends what a node that was killed had taken.</summary>
    private readonly TimeSpan _lease = options.Value.Webhooks.Timeout * ((TargetLane.Page / options.Value.Webhooks.ConcurrencyPerTarget) + 2);

    private readonly TimeSpan _disableAfter = options.Value.Webhooks.DisableAfter;
    private readonly RetrySchedule _schedule = new(options.Value.Webhooks.RetrySchedule is { Count: > 0 } given ? [.. given] : RetrySchedule.Default);
    private readonly ConcurrentDictionary<long, ClaimedDelivery> _claimed = new();

    /// <summary>Takes back what a process that died has left behind.</summary>
    public Task RecoverAsync(CancellationToken stopping) => UntilWrittenAsync(() => store.RecoverAsync(time.GetUtcNow()), stopping);

    public async Task<ClaimedPage> ClaimAsync(string lane, int most)
    {
        DateTimeOffset now = time.GetUtcNow();
        ClaimedPage page = await store.ClaimAsync(lane, now, now + _lease, most);
        foreach (ClaimedDelivery delivery in page.Deliveries)
        {
            // Where its lease has lapsed here, the newer claim counts.
            _claimed[delivery.Number] = delivery;
        }

        return page;
    }

    /// <summary>Makes one try and records it.</summary>
    public async Task SendAsync(TargetLane lane, ClaimedDelivery delivery, CancellationToken stopping)
    {
        try
        {
            if (time.GetUtcNow() + _timeout < delivery.LeaseUntil)
            {
                (DeliveryAttempt attempt, TimeSpan? retryAfter) = await http.SendAsync(delivery, stopping);
                lane.Note(attempt.IsSuccess);
                metrics.Tried(attempt);
                await RecordAsync(lane, delivery, attempt, retryAfter, stopping);
            }

            Forget(delivery);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It stays claimed, and is given back when all lanes have ended.
        }
        catch (Exception failure)
        {
            WebhookLog.SendFailed(logger, failure, delivery.Id);
        }
    }

    /// <summary>Gives back what was claimed and not tried: that is no failed try.</summary>
    public Task ReleaseAllAsync() => ReleaseAsync([.. _claimed.Values]);

    /// <summary>As <see cref="ReleaseAllAsync"/>, for these.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<ClaimedDelivery> claimed)
    {
        try
        {
            await store.ReleaseAsync(claimed, time.GetUtcNow());
            foreach (ClaimedDelivery delivery in claimed)
            {
                Forget(delivery);
            }
        }
        catch (StoreUnavailableException failure)
        {
            // The leases lapse, or the next start takes them back.
            WebhookLog.StoreFailed(logger, failure);
        }
    }

    /// <summary>Unless it has been claimed anew meanwhile.</summary>
    private void Forget(ClaimedDelivery delivery) => _claimed.TryRemove(KeyValuePair.Create(delivery.Number, delivery));

    private async Task RecordAsync(TargetLane lane, ClaimedDelivery delivery, DeliveryAttempt attempt, TimeSpan? retryAfter, CancellationToken stopping)
    {
        TimeSpan? delay = null;
        DeliveryState state = attempt.Error switch
        {
            null => DeliveryState.Delivered,
            DeliveryErrors.TargetRefused => DeliveryState.Refused,
            DeliveryErrors.Gone => DeliveryState.Dead,
            _ => (delay = _schedule.Next(delivery.Failures + 1, retryAfter, Random.Shared.NextDouble())) is null ? DeliveryState.Dead : DeliveryState.Pending,
        };
        DateTimeOffset? dueAt = time.GetUtcNow() + delay;
        await UntilWrittenAsync(
            async () =>
            {
                if (await store.RecordAsync(delivery, attempt, state, dueAt, _disableAfter) is { } disabled)
                {
                    WebhookLog.Disabled(logger, disabled.Id, disabled.DisabledReason!);
                }
            },
            stopping);
        if (attempt.Error is { } error)
        {
            WebhookLog.TryFailed(logger, delivery.Id, delivery.Operation, error, attempt.Status);
        }
        else
        {
            WebhookLog.Delivered(logger, delivery.Id, delivery.Operation, attempt.Duration.TotalMilliseconds);
        }

        if (state is DeliveryState.Dead or DeliveryState.Refused)
        {
            WebhookLog.GivenUp(logger, delivery.Id, delivery.Operation, state, attempt.Error!);
        }

        if (dueAt is { } again)
        {
            signal.Raise(lane.Name, again);
        }
    }

    /// <summary>A try that was made is recorded as soon as the store can be written; should the server stop before, the message is sent again.</summary>
    private async Task UntilWrittenAsync(Func<ValueTask> write, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await write();
                return;
            }
            catch (StoreUnavailableException) when (!stopping.IsCancellationRequested)
            {
                await Task.Delay(StorePause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (StoreUnavailableException)
            {
                return;
            }
        }
    }
}
