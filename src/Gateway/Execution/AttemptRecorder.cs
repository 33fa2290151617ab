using Microsoft.Extensions.Options;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>Turns the outcome of an attempt into the operation's next state, and does not rest until the store has it.</summary>
internal sealed class AttemptRecorder(OperationFeed feed, IPayloadStore payloads, OperationTypes types, IOptions<ExecutionOptions> options, TimeProvider time, ILogger<AttemptRecorder> logger)
{
    /// <summary>Whoever wants to be left alone for longer is asked all the same.</summary>
    private static readonly TimeSpan LongestWanted = TimeSpan.FromHours(1);

    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    /// <summary>Answers the operation as recorded; null when the attempt no longer held it, or the server stopped before the store could be written.</summary>
    public async Task<Operation?> RecordAsync(RunningAttempt attempt, AttemptOutcome outcome, CancellationToken shutdown)
    {
        Payload? result = (outcome as AttemptOutcome.Succeeded)?.Result;
        bool warned = false;
        while (true)
        {
            try
            {
                DateTimeOffset now = time.GetUtcNow();
                Operation? recorded = await feed.ChangeAsync(
                    attempt.Live,
                    operation => Decide(operation, attempt, outcome, now),
                    operation => History(operation, attempt, outcome, now),
                    result);
                if (recorded is null)
                {
                    if (attempt.Live.Durable is { } present && present.State.IsFinal() && present.Attempt == attempt.Number)
                    {
                        ExecutionLog.EndedElsewhere(logger, attempt.Key, attempt.Number);
                    }
                    else
                    {
                        ExecutionLog.Fenced(logger, attempt.Key, attempt.Number);
                    }

                    Discard(result);
                    return null;
                }

                return recorded;
            }
            catch (StoreUnavailableException) when (!shutdown.IsCancellationRequested)
            {
                if (!warned)
                {
                    ExecutionLog.EndWaits(logger, attempt.Key, attempt.Number);
                    warned = true;
                }

                await Task.Delay(StorePause, time, shutdown).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (StoreUnavailableException)
            {
                // Its lease lapses, or the next start finds it: the operation is run again.
                return null;
            }
        }
    }

    private Operation? Decide(Operation operation, RunningAttempt attempt, AttemptOutcome outcome, DateTimeOffset now) => outcome switch
    {
        AttemptOutcome.Succeeded succeeded => operation.Succeed(attempt.Number, succeeded.Message, succeeded.Result is not null, now),
        AttemptOutcome.Failed { Retry: true } failed when MayRetry(operation, failed.RetryAfter, out TimeSpan delay) => operation.Retry(attempt.Number, now + delay, now),
        AttemptOutcome.Failed failed => operation.Fail(attempt.Number, failed.Error, now),
        AttemptOutcome.Stopped { Reason: StopReason.Canceled } => operation.ConfirmCancel(attempt.Number, now),
        AttemptOutcome.Stopped { Reason: StopReason.TimedOut } => operation.Fail(attempt.Number, OperationErrors.TimedOut(TimeLimit(operation)), now),
        AttemptOutcome.Stopped { Reason: StopReason.ShuttingDown } => operation.GiveBack(attempt.Number, now, now, lost: false),
        AttemptOutcome.StoreFailed => operation.GiveBack(attempt.Number, now + options.Value.SweepInterval, now, lost: false),
        _ => null,
    };

    private bool MayRetry(Operation operation, TimeSpan? wanted, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        if (!types.TryFind(operation.Key.Type, out OperationType? type) || operation.Failures >= type.Retries)
        {
            return false;
        }

        TimeSpan planned = type.RetryDelays[Math.Min(operation.Failures, type.RetryDelays.Count - 1)] * (0.9 + (0.2 * Random.Shared.NextDouble()));
        TimeSpan least = wanted is not { } asked ? TimeSpan.Zero : asked < LongestWanted ? asked : LongestWanted;
        delay = planned > least ? planned : least;
        return true;
    }

    private TimeSpan TimeLimit(Operation operation) =>
        types.TryFind(operation.Key.Type, out OperationType? type) ? type.Timeout ?? TimeSpan.Zero : TimeSpan.Zero;

    private static IReadOnlyList<HistoryEvent> History(Operation next, RunningAttempt attempt, AttemptOutcome outcome, DateTimeOffset now)
    {
        var events = new List<HistoryEvent>(2);
        if (outcome is AttemptOutcome.Failed failed)
        {
            events.Add(new HistoryEvent(now, HistoryEvent.AttemptFailed, attempt.Number, failed.Error.Detail));
        }
        else if (!next.State.IsFinal())
        {
            events.Add(new HistoryEvent(now, HistoryEvent.AttemptFailed, attempt.Number, outcome is AttemptOutcome.StoreFailed ? "The store could not take the result." : "The server was shut down."));
        }

        if (next.State.IsFinal())
        {
            events.Add(new HistoryEvent(now, HistoryEvent.Ended, attempt.Number, next.Message));
        }

        return events;
    }

    private void Discard(Payload? result)
    {
        if (result is not null)
        {
            payloads.Discard(result);
        }
    }
}
