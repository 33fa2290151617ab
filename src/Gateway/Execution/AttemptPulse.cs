using Microsoft.Extensions.Options;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>
/// Once a second, writes what running attempts have reported, renews leases, and writes counted contacts. One beat for all of them:
/// the batcher makes one transaction of it.
/// </summary>
internal sealed class AttemptPulse(RunningAttempts attempts, OperationFeed feed, IOptions<ExecutionOptions> options, TimeProvider time, ILogger<AttemptPulse> logger) : BackgroundService
{
    private const int ActivitiesInFull = 1000;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ThinnedActivity = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _hurry = new(0, 1);
    private long _lastBeat = time.GetTimestamp();
    private readonly TimeSpan _lease = options.Value.Lease;

    /// <summary>When it last came by, as a timestamp.</summary>
    public long LastBeat => Volatile.Read(ref _lastBeat);

    /// <summary>An attempt has shown all versions that were reserved for it: write now, and so reserve more.</summary>
    public void Hurry()
    {
        try
        {
            _hurry.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has called already.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, time);
        Task<bool> tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        Task hurried = _hurry.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            Task next = await Task.WhenAny(tick, hurried);
            if (next.IsCanceled)
            {
                return;
            }

            await BeatAsync(regular: next == tick);
            Volatile.Write(ref _lastBeat, time.GetTimestamp());
            if (next == tick)
            {
                tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
            }
            else
            {
                hurried = _hurry.WaitAsync(stoppingToken);
            }
        }
    }

    private async Task BeatAsync(bool regular)
    {
        DateTimeOffset now = time.GetUtcNow();
        try
        {
            await Task.WhenAll(attempts.All.Where(attempt => IsDue(attempt, now, regular)).Select(attempt => RecordAsync(attempt, now)));
            if (regular)
            {
                await feed.FlushContactsAsync();
            }
        }
        catch (StoreUnavailableException)
        {
            // The batcher has said so. What was reported stays in memory and is written at a later beat.
        }
    }

    private bool IsDue(RunningAttempt attempt, DateTimeOffset now, bool regular) =>
        !regular
            ? attempt.Live.Current.Version >= attempt.Live.Durable.VersionCeiling
            : attempt.Live.ReadLive().At > attempt.RecordedAt || attempt.Live.Durable.LeaseUntil - now < _lease * (2.0 / 3);

    private async Task RecordAsync(RunningAttempt attempt, DateTimeOffset now)
    {
        LiveProgress reported = attempt.Live.ReadLive();
        Operation? recorded = await feed.ChangeAsync(
            attempt.Live,
            operation => operation.Record(attempt.Number, attempt.Live.ReadLive(), now, _lease),
            operation => Activity(attempt, operation.Activity, now));
        if (recorded is not null)
        {
            attempt.RecordedAt = reported.At;
        }
        else if (attempt.Live.Durable is { } present && (present.Attempt != attempt.Number || !present.State.IsFinal()))
        {
            ExecutionLog.Fenced(logger, attempt.Key, attempt.Number);
            attempt.Stop(StopReason.Fenced);
        }
    }

    private static IReadOnlyList<HistoryEvent> Activity(RunningAttempt attempt, string? activity, DateTimeOffset now)
    {
        bool isNews = activity is not null && !string.Equals(activity, attempt.RecordedActivity, StringComparison.Ordinal);
        if (!isNews || (attempt.ActivitiesRecorded >= ActivitiesInFull && now - attempt.LastActivityAt < ThinnedActivity))
        {
            return [];
        }

        attempt.RecordedActivity = activity;
        attempt.ActivitiesRecorded++;
        attempt.LastActivityAt = now;
        return [new HistoryEvent(now, HistoryEvent.Activity, attempt.Number, activity)];
    }
}
