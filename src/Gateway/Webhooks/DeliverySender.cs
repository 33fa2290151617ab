using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Webhooks;

/// <summary>
/// Sends recorded messages. Each target with something due has a lane that runs until nothing is; signals start lanes, and one alarm stands at the
/// next time that something is due. Nothing is kept here that the store does not know.
/// </summary>
internal sealed class DeliverySender(
    IDeliveryStore store,
    DeliveryCourier courier,
    DeliverySignal signal,
    GatewaySecret secret,
    IHostApplicationLifetime lifetime,
    IOptions<RealtimeOpsOptions> options,
    TimeProvider time,
    ILogger<DeliverySender> logger) : BackgroundService
{
    /// <summary>Idle lanes are kept only for what they know about a failing target.</summary>
    private const int MostIdleLanes = 1000;

    /// <summary>Timers have a longest time; what is due later is found again when this one is over.</summary>
    private static readonly TimeSpan LongestAlarm = TimeSpan.FromDays(1);

    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    private readonly WebhookOptions _options = options.Value.Webhooks;
    private readonly SemaphoreSlim _all = new(options.Value.Webhooks.Concurrency);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TargetLane> _lanes = [];
    private DateTimeOffset _alarmAt = DateTimeOffset.MaxValue;

    /// <summary>Waits until one more may be on its way.</summary>
    public Task AdmitAsync(CancellationToken stopping) => _all.WaitAsync(stopping);

    /// <summary>A try is over.</summary>
    public void Dismiss(TargetLane lane)
    {
        _all.Release();
        lock (_gate)
        {
            Forget_NeedsLock(lane);
        }
    }

    /// <summary>A secret that cannot be read stops the start, with a sentence that says so.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _ = secret.Value;
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _all.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Nothing is sent before the server listens: one that cannot must not begin work only to drop it.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration listening = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested)
        {
            return;
        }

        await using ITimer alarm = time.CreateTimer(_ => signal.RaiseAll(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await courier.RecoverAsync(stoppingToken);
        signal.RaiseAll();
        try
        {
            await foreach (LaneDue due in signal.Lanes.ReadAllAsync(stoppingToken))
            {
                await HandleAsync(due, alarm, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await StopLanesAsync();
        }
    }

    private async ValueTask HandleAsync(LaneDue due, ITimer alarm, CancellationToken stopping)
    {
        if (due.Lane.Length > 0)
        {
            StartOrWait(due, alarm, stopping);
            return;
        }

        _alarmAt = DateTimeOffset.MaxValue;
        try
        {
            foreach (LaneDue lane in await store.ListLanesAsync(stopping))
            {
                StartOrWait(lane, alarm, stopping);
            }
        }
        catch (StoreUnavailableException failure)
        {
            WebhookLog.StoreFailed(logger, failure);
            Set(alarm, time.GetUtcNow() + StorePause);
        }
    }

    private void StartOrWait(LaneDue due, ITimer alarm, CancellationToken stopping)
    {
        if (due.DueAt > time.GetUtcNow())
        {
            Set(alarm, due.DueAt);
            return;
        }

        lock (_gate)
        {
            if (!_lanes.TryGetValue(due.Lane, out TargetLane? lane))
            {
                _lanes.Add(due.Lane, lane = new TargetLane(due.Lane, this, courier, _options, time));
            }

            lane.IsAskedAgain = lane.IsRunning;
            if (!lane.IsRunning)
            {
                lane.IsRunning = true;
                lane.Run = Task.Run(() => RunAsync(lane, stopping), CancellationToken.None);
            }
        }
    }

    private async Task RunAsync(TargetLane lane, CancellationToken stopping)
    {
        do
        {
            try
            {
                if (await lane.RunAsync(stopping) is { } next)
                {
                    signal.Raise(lane.Name, next);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                if (failure is StoreUnavailableException)
                {
                    WebhookLog.StoreFailed(logger, failure);
                }
                else
                {
                    WebhookLog.LaneFailed(logger, failure, lane.Name);
                }

                signal.Raise(lane.Name, time.GetUtcNow() + StorePause);
            }
        }
        while (!TryEnd(lane));
    }

    private bool TryEnd(TargetLane lane)
    {
        lock (_gate)
        {
            lane.IsRunning = lane.IsAskedAgain;
            lane.IsAskedAgain = false;
            Forget_NeedsLock(lane);
            return !lane.IsRunning;
        }
    }

    private void Forget_NeedsLock(TargetLane lane)
    {
        if (!lane.IsRunning && lane.IsIdle && (!lane.IsFailing || _lanes.Count > MostIdleLanes)
            && _lanes.TryGetValue(lane.Name, out TargetLane? known) && ReferenceEquals(known, lane))
        {
            _lanes.Remove(lane.Name);
        }
    }

    private void Set(ITimer alarm, DateTimeOffset at)
    {
        if (at >= _alarmAt)
        {
            return;
        }

        _alarmAt = at;
        TimeSpan wait = at - time.GetUtcNow();
        // Timers may fire a little early; a millisecond more keeps "not before" true.
        alarm.Change(wait > LongestAlarm ? LongestAlarm : wait > TimeSpan.Zero ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task StopLanesAsync()
    {
        Task[] runs;
        lock (_gate)
        {
            runs = [.. _lanes.Values.Select(lane => lane.Run)];
        }

        await Task.WhenAll(runs);
        for (int i = 0; i < _options.Concurrency; i++)
        {
            await _all.WaitAsync();
        }

        await courier.ReleaseAllAsync();
    }
}
