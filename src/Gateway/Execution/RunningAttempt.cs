using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>Why a running handler was asked to stop.</summary>
internal enum StopReason
{
    None,
    Canceled,
    TimedOut,
    ShuttingDown,
    Fenced,
}

/// <summary>An attempt that runs on this node: its tokens, and why they fired.</summary>
internal sealed class RunningAttempt(LiveOperation live, Operation started, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new(Timeout.InfiniteTimeSpan, time);
    private int _reason;

    public LiveOperation Live => live;

    public OperationKey Key => started.Key;

    public int Number => started.Attempt;

    /// <summary>The state in which the attempt began.</summary>
    public Operation Started => started;

    public StopReason StopReason => (StopReason)Volatile.Read(ref _reason);

    /// <summary>The handler's token.</summary>
    public CancellationToken StopToken => _stop.Token;

    /// <summary>Fires when nobody waits for the handler any longer.</summary>
    public CancellationToken AbandonToken => _abandon.Token;

    /// <summary>What its handler was given; null until then.</summary>
    public OperationContext? Context { get; set; }

    /// <summary>What the last write to the store contained.</summary>
    public DateTimeOffset RecordedAt { get; set; }

    public string? RecordedActivity { get; set; }

    /// <summary>Lines of activity in the history; beyond a number they are thinned out.</summary>
    public int ActivitiesRecorded { get; set; }

    public DateTimeOffset LastActivityAt { get; set; }

    /// <summary>Asks the handler to stop; the first reason counts. With <paramref name="grace"/>, it is left behind after that.</summary>
    public void Stop(StopReason reason, TimeSpan? grace = null)
    {
        Interlocked.CompareExchange(ref _reason, (int)reason, (int)StopReason.None);
        try
        {
            if (grace is { } limit)
            {
                _abandon.CancelAfter(limit);
            }

            _stop.Cancel();
        }
        catch (AggregateException failure)
        {
            // What the handler hung on its token is the handler's trouble, not that of whoever asks it to stop.
            ExecutionLog.StopCallbackFailed(logger, failure, Key, Number);
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself: there is nothing left to stop.
        }
    }

    /// <summary>Somebody else has changed the operation, on this node or on another: stops if that is what it means for the attempt.</summary>
    public void Heed(Operation present)
    {
        if (present.Attempt != Number || !present.State.IsHeld())
        {
            Stop(StopReason.Fenced);
        }
        else if (present.State is OperationState.Canceling)
        {
            Stop(StopReason.Canceled);
        }
        else
        {
            Context?.Heard?.Invoke(present.Progress, present.Activity);
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _abandon.Dispose();
    }
}
