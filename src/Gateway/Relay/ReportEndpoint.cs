using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RealtimeOps.Execution;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Watch;

namespace RealtimeOps.Relay;

/// <summary>
/// What services report of their work: PATCH progress or a sign of life, POST the result or a problem. The end is recorded here, on whichever node it comes in, and the attempt
/// that waits for it learns that from the operation.
/// </summary>
internal sealed class ReportEndpoint(ReportTokens tokens, RelayRoutes routes, OperationFeed feed, RunningAttempts attempts, IPayloadStore payloads, TimeProvider time, ILogger<ReportEndpoint> logger)
{
    public async Task PatchAsync(HttpContext context)
    {
        Reporter reporter = await AdmitAsync(context);
        RefuseIfCanceled(reporter);
        ProgressReport report = await ProgressReport.ReadAsync(context);
        while (!await HearAsync(reporter, report))
        {
            reporter = await JudgeAsync(reporter, context.RequestAborted);
            RefuseIfCanceled(reporter);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task PostAsync(HttpContext context)
    {
        Reporter reporter = await AdmitAsync(context);
        Operation ended = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type) && string.Equals(type.MediaType, "application/problem+json", StringComparison.OrdinalIgnoreCase)
            ? await FailAsync(reporter, await ProblemReport.ReadAsync(context), context.RequestAborted)
            : await SucceedAsync(reporter, context);
        attempts.Find(ended.Key, ended.Attempt)?.Heed(ended);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task<Operation> SucceedAsync(Reporter reporter, HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = null;
        }

        Payload staged = await StageAsync(reporter, context);
        Payload? result = staged.Length > 0 ? staged : null;
        Operation? ended = null;
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            return ended = await EndAsync(
                reporter,
                operation => operation.Succeed(operation.Attempt, message: null, hasResult: result is not null, now),
                next => [new HistoryEvent(now, HistoryEvent.Ended, next.Attempt, next.Message)],
                result,
                context.RequestAborted);
        }
        finally
        {
            if (ended is null)
            {
                payloads.Discard(staged);
            }
        }
    }

    private Task<Operation> FailAsync(Reporter reporter, OperationError error, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return EndAsync(
            reporter,
            operation => operation.Fail(operation.Attempt, error, now),
            next => [new HistoryEvent(now, HistoryEvent.AttemptFailed, next.Attempt, error.Detail), new HistoryEvent(now, HistoryEvent.Ended, next.Attempt, next.Message)],
            result: null,
            cancellationToken);
    }

    /// <summary>Records the end. Where that is refused, the operation says why; while it is handed from one attempt to the next, that is no end.</summary>
    private async Task<Operation> EndAsync(Reporter reporter, Func<Operation, Operation?> end, Func<Operation, IReadOnlyList<HistoryEvent>> history, Payload? result, CancellationToken cancellationToken)
    {
        Operation? ended;
        while ((ended = await feed.ChangeAsync(reporter.Live, operation => reporter.IsPresent(operation) ? end(operation) : null, history, result)) is null)
        {
            reporter = await JudgeAsync(reporter, cancellationToken);
        }

        return ended;
    }

    /// <summary>Who sends a result is not silent, however long that takes. One that stalls the server cuts off.</summary>
    private async Task<Payload> StageAsync(Reporter reporter, HttpContext context)
    {
        using var staging = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        Task beat = BeatAsync(reporter, routes.Of(reporter.Operation.Key.Type).Silence / 3, staging.Token);
        try
        {
            return await payloads.StageAsync(context.Request.ContentType ?? "application/octet-stream", context.Request.Body, long.MaxValue, context.RequestAborted);
        }
        finally
        {
            await staging.CancelAsync();
            await beat.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task BeatAsync(Reporter reporter, TimeSpan pause, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await HearAsync(reporter, ProgressReport.SignOfLife);
            }
            catch (StoreUnavailableException)
            {
                // The next one may be heard.
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Tells the attempt that waits, wherever it runs; false when another has taken its place.</summary>
    private async ValueTask<bool> HearAsync(Reporter reporter, ProgressReport report)
    {
        await RememberAsync(reporter);
        int attempt = reporter.Live.Durable.Attempt;
        if (attempts.Find(reporter.Operation.Key, attempt)?.Context?.Heard is { } heard)
        {
            heard(report.Progress, report.Activity);
            return true;
        }

        return await feed.ChangeAsync(reporter.Live, operation => operation.TakeReport(attempt, report.Progress, report.Activity, time.GetUtcNow()), static _ => []) is not null;
    }

    /// <summary>Should this process be lost before the service's answer is known, the next attempt has to know that there is somebody to wait for.</summary>
    private async Task RememberAsync(Reporter reporter)
    {
        if (RelayCheckpoint.Read(reporter.Operation.Checkpoint)?.WithReport() is not null)
        {
            await feed.ChangeAsync(
                reporter.Live,
                operation => reporter.IsPresent(operation) && RelayCheckpoint.Read(operation.Checkpoint)?.WithReport() is { } heard ? operation.SaveCheckpoint(operation.Attempt, heard) : operation,
                static _ => []);
        }
    }

    /// <exception cref="ProblemException">The token is not good for this, or no longer.</exception>
    private async Task<Reporter> AdmitAsync(HttpContext context)
    {
        OperationKey key = OperationLookup.KeyOf(context);
        if (!AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out AuthenticationHeaderValue? shown)
            || !string.Equals(shown.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
            || !tokens.TryRead(key, shown.Parameter ?? "", out DateTimeOffset createdAt, out int sending))
        {
            throw new ProblemException(Problems.Unauthorized($"Show the token that came with the request in {RelayHeaders.ReportToken}, as Authorization: Bearer.", isInvalid: shown is not null));
        }

        LiveOperation live = await feed.FindAsync(key, context.RequestAborted) ?? throw new ProblemException(Problems.Gone);
        return await JudgeAsync(new Reporter(live, await feed.ReadWholeAsync(live), createdAt, sending), context.RequestAborted);
    }

    /// <summary>Refuses by what the store holds only: a node does not hear of every checkpoint that another one saves.</summary>
    private async Task<Reporter> JudgeAsync(Reporter reporter, CancellationToken cancellationToken)
    {
        reporter = reporter with { Operation = await feed.ReadWholeAsync(reporter.Live) };
        if (Fault(reporter) is not null)
        {
            await feed.CatchUpAsync(reporter.Live, cancellationToken);
            reporter = reporter with { Operation = await feed.ReadWholeAsync(reporter.Live) };
        }

        return Fault(reporter) is { } fault ? throw Refusal(reporter.Operation.Key, fault) : reporter;
    }

    private static Problem? Fault(Reporter reporter) =>
        reporter.Operation.CreatedAt != reporter.CreatedAt ? Problems.Gone
        : reporter.Operation.State.IsFinal() ? Over
        : !reporter.IsOfThisSending(reporter.Operation) ? Problems.Unauthorized("The token is that of an earlier attempt, whose work is no longer wanted. Stop it.", isInvalid: true)
        : !reporter.Operation.State.IsHeld() ? BetweenAttempts
        : null;

    private void RefuseIfCanceled(Reporter reporter)
    {
        if (reporter.Operation.State is OperationState.Canceling)
        {
            throw Refusal(reporter.Operation.Key, Problems.Conflict("The operation was canceled. Stop the work; what has been done of it is not wanted."));
        }
    }

    private ProblemException Refusal(OperationKey key, Problem problem)
    {
        RelayLog.ReportRefused(logger, key, problem.Detail);
        return new ProblemException(problem);
    }

    private static Problem Over => Problems.Conflict("The operation has ended; nothing more is recorded of it.");

    private static Problem BetweenAttempts => new(503, "between-attempts", "Between attempts", "The gateway was started anew and is about to go on with this operation. Nothing was recorded; report again.") { RetryAfter = 1 };

    private sealed record Reporter(LiveOperation Live, Operation Operation, DateTimeOffset CreatedAt, int Sending)
    {
        public bool IsOfThisSending(Operation operation) => RelayCheckpoint.Read(operation.Checkpoint)?.Sending == Sending;

        /// <summary>It still is what the report is about, and runs.</summary>
        public bool IsPresent(Operation operation) => operation.State.IsHeld() && IsOfThisSending(operation);
    }
}
