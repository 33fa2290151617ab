using System.Diagnostics;
using Microsoft.Extensions.Options;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>Claims an operation, runs its handler and records the end. Whatever engine calls it, and however often: the claim and the fence see to the rest.</summary>
internal sealed class OperationRunner(
    OperationFeed feed,
    IOperationStore store,
    IPayloadStore payloads,
    OperationTypes types,
    OperationInvokers invokers,
    RunningAttempts attempts,
    AttemptPulse pulse,
    AttemptRecorder recorder,
    OperationMetrics metrics,
    IServiceScopeFactory scopes,
    IOptions<ExecutionOptions> options,
    TimeProvider time,
    ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<OperationRunner>();
    private readonly ExecutionOptions _options = options.Value;

    /// <summary>Runs the next attempt; <paramref name="claimed"/> is told that it has begun, <paramref name="handled"/> that its handler is done and the end not yet recorded.</summary>
    public async Task<AttemptEnd> RunAsync(OperationKey key, CancellationToken shutdown, Action<Operation>? claimed = null, Action? handled = null)
    {
        if (await feed.FindAsync(key, CancellationToken.None) is not { } live)
        {
            return default;
        }

        DateTimeOffset now = time.GetUtcNow();
        Operation? started = await feed.ChangeAsync(
            live,
            operation => operation.Start(now, _options.Lease),
            operation => [new HistoryEvent(now, HistoryEvent.Started, operation.Attempt)]);
        if (started is null)
        {
            return default;
        }

        long start = time.GetTimestamp();
        using Activity? span = AttemptTrace.Start(started, await AttemptTrace.LinksAsync(started, store));
        claimed?.Invoke(started);
        var attempt = new RunningAttempt(live, started, time, _logger) { RecordedAt = now };
        live.BeginReporting(attempt.Number, pulse.Hurry, attempt.Heed);
        attempts.Add(attempt);
        await using CancellationTokenRegistration stop = shutdown.UnsafeRegister(
            _ => attempt.Stop(StopReason.ShuttingDown, _options.StopGrace), null);
        try
        {
            attempt.Heed(live.Durable);
            AttemptOutcome outcome = await RunHandlerAsync(attempt, shutdown);
            handled?.Invoke();
            Operation? left = await recorder.RecordAsync(attempt, outcome, shutdown);
            if (left is not null)
            {
                metrics.Ran(left, start);
            }

            if (span is not null)
            {
                AttemptTrace.End(span, outcome, left);
            }

            return new AttemptEnd(left, (outcome as AttemptOutcome.Failed)?.Cause);
        }
        finally
        {
            attempts.Remove(attempt);
            live.EndReporting(attempt.Number);
            attempt.Dispose();
        }
    }

    private async Task<AttemptOutcome> RunHandlerAsync(RunningAttempt attempt, CancellationToken shutdown)
    {
        if (!types.TryFind(attempt.Key.Type, out OperationType? type) || invokers.Find(type.Name) is not { } invoker)
        {
            return new AttemptOutcome.Failed(OperationErrors.NoHandler(attempt.Key.Type), Retry: false);
        }

        using ITimer? limit = type.Timeout is { } timeout
            ? time.CreateTimer(_ => attempt.Stop(StopReason.TimedOut, _options.StopGrace), null, timeout, Timeout.InfiniteTimeSpan)
            : null;
        Task<AttemptOutcome> run = InvokeAsync(attempt, type, invoker);
        try
        {
            return await run.WaitAsync(attempt.AbandonToken);
        }
        catch (OperationCanceledException)
        {
            if (run.IsCompleted)
            {
                return await run;
            }

            ExecutionLog.LeftBehind(_logger, attempt.Key, attempt.Number);
            _ = run.ContinueWith(
                ended => ExecutionLog.LeftBehindEnded(_logger, ended.Exception, attempt.Key), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

            // Left behind, it has not stopped: a cancel is not confirmed by the time limit that came after it.
            bool isTimeLimit = attempt.StopReason is StopReason.Canceled && !shutdown.IsCancellationRequested;
            return new AttemptOutcome.Stopped(isTimeLimit ? StopReason.TimedOut : attempt.StopReason);
        }
    }

    private async Task<AttemptOutcome> InvokeAsync(RunningAttempt attempt, OperationType type, OperationInvoker invoker)
    {
        ILogger logger = loggers.CreateLogger("RealtimeOps.Operations." + type.Name);
        using IDisposable? logScope = logger.BeginScope("{Operation} {Attempt}", attempt.Key, attempt.Number);
        CancellationToken stop = attempt.StopToken;
        try
        {
            await using AsyncServiceScope scope = scopes.CreateAsyncScope();
            Payload input = await store.FindInputAsync(attempt.Started.Sequence, stop)
                ?? throw new InvalidOperationException($"The input of {attempt.Key} is missing.");
            var context = new OperationContext(attempt.Live, feed, attempt.Started, logger) { Run = attempt };
            attempt.Context = context;
            OperationResult result = await invoker.InvokeAsync(scope.ServiceProvider, input, attempt.Started.Webhook is not null, payloads, context, stop);
            return new AttemptOutcome.Succeeded(context.Message, await result.StageAsync(payloads, stop));
        }
        catch (OperationFailedException failure)
        {
            ExecutionLog.HandlerFailed(_logger, attempt.Key, attempt.Number, failure.Status);
            return new AttemptOutcome.Failed(new OperationError(failure.Status, failure.Title ?? "The operation failed", failure.Message) { HttpStatus = failure.HttpStatus }, failure.Retry, failure, failure.RetryAfter);
        }
        catch (StoreUnavailableException)
        {
            return new AttemptOutcome.StoreFailed();
        }
        catch (Exception failure) when (attempt.StopReason is not StopReason.None)
        {
            // Asked to stop, it may say so in any exception; what counts is that it has stopped.
            if (failure is not OperationCanceledException)
            {
                ExecutionLog.AttemptFailed(_logger, failure, attempt.Key, attempt.Number);
            }

            return new AttemptOutcome.Stopped(attempt.StopReason);
        }
        catch (Exception failure)
        {
            ExecutionLog.AttemptFailed(_logger, failure, attempt.Key, attempt.Number);
            return new AttemptOutcome.Failed(OperationErrors.Unhandled, Retry: true, failure);
        }
    }
}
