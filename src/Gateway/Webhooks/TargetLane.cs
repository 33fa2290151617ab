using RealtimeOps.Hosting;

namespace RealtimeOps.Webhooks;

/// <summary>
/// Sends what is due for one target: so many at once, and no more, so that the rest stays in the store. A target that keeps failing is tried
/// two at a time and ever more slowly, down to ten times a second: a long queue for a dead one costs next to nothing, and still keeps its schedule.
/// </summary>
internal sealed class TargetLane(string name, DeliverySender sender, DeliveryCourier courier, WebhookOptions options, TimeProvider time)
{
    /// <summary>The most messages taken at once.</summary>
    public const int Page = 128;

    private const int FailingPage = 2;
    private const int FailuresInARow = 8;

    private static readonly TimeSpan PausePerFailure = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _slots = new(options.ConcurrencyPerTarget);
    private int _failures;

    public string Name => name;

    /// <summary>What takes messages from the store; it may have ended while tries are still on their way.</summary>
    public Task Run { get; set; } = Task.CompletedTask;

    /// <summary>It takes messages. Guarded by the sender's lock, as the next one.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Something came while it ran: look again before it ends.</summary>
    public bool IsAskedAgain { get; set; }

    public bool IsFailing => Volatile.Read(ref _failures) >= FailuresInARow;

    public bool IsIdle => _slots.CurrentCount == options.ConcurrencyPerTarget;

    /// <summary>How a try went.</summary>
    public void Note(bool success)
    {
        if (success)
        {
            Volatile.Write(ref _failures, 0);
        }
        else
        {
            Interlocked.Increment(ref _failures);
        }
    }

    /// <summary>Sends until nothing is due; answers when something will be.</summary>
    public async Task<DateTimeOffset?> RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            if (IsFailing)
            {
                await UntilIdleAsync(stopping);
                TimeSpan pause = PausePerFailure * Volatile.Read(ref _failures);
                await Task.Delay(pause < LongestPause ? pause : LongestPause, time, stopping);
            }

            ClaimedPage page = await courier.ClaimAsync(name, IsFailing ? FailingPage : Page);
            if (page.Looked == 0)
            {
                return page.NextDueAt;
            }

            for (int i = 0; i < page.Deliveries.Count; i++)
            {
                if (IsFailing && i >= FailingPage)
                {
                    // It began to fail on the way: the rest must not keep the places of others.
                    await courier.ReleaseAsync([.. page.Deliveries.Skip(i)]);
                    break;
                }

                await StartAsync(page.Deliveries[i], stopping);
            }
        }
    }

    private async Task StartAsync(ClaimedDelivery delivery, CancellationToken stopping)
    {
        await _slots.WaitAsync(stopping);
        try
        {
            await sender.AdmitAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            _slots.Release();
            throw;
        }

        _ = SendAsync(delivery, stopping);
    }

    private async Task SendAsync(ClaimedDelivery delivery, CancellationToken stopping)
    {
        await courier.SendAsync(this, delivery, stopping);
        _slots.Release();
        sender.Dismiss(this);
    }

    /// <summary>All tries are over when this has taken all slots.</summary>
    private async Task UntilIdleAsync(CancellationToken stopping)
    {
        int taken = 0;
        try
        {
            for (; taken < options.ConcurrencyPerTarget; taken++)
            {
                await _slots.WaitAsync(stopping);
            }
        }
        finally
        {
            if (taken > 0)
            {
                _slots.Release(taken);
            }
        }
    }
}
