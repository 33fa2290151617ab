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
internal sealed class ReportEndpoint(ReportTokens tokens, OperationFeed feed, RunningAttempts attempts, IPayloadStore payloads, TimeProvider time, ILogger<ReportEndpoint> logger)
{
    public async Task PatchAsync(HttpContext context)
    {
        Reporter reporter = await AdmitAsync(context);
        if (reporter.Operation.State is OperationState.Canceling)
        {
            throw Refusal(reporter.Operation.Key, Problems.Conflict("The operation was canceled. Stop the work; what has been done of it is not wanted."));
        }

        ProgressReport report = await ProgressReport.ReadAsync(context);
        int attempt = reporter.Operation.Attempt;
        if (attempts.Find(reporter.Operation.Key, attempt)?.Context?.Heard is { } heard)
        {
            heard(report.Progress, report.Activity);
        }
        else if (await feed.ChangeAsync(reporter.Live, operation => operation.TakeReport(attempt, report.Progress, report.Activity, time.GetUtcNow()), static _ => []) is null)
        {
            throw Refusal(reporter.Operation.Key, Over);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task PostAsync(HttpContext context)
    {
        Reporter reporter = await AdmitAsync(context);
        Operation? ended = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type) && string.Equals(type.MediaType, "application/problem+json", StringComparison.OrdinalIgnoreCase)
            ? await FailAsync(reporter, await ProblemReport.ReadAsync(context))
            : await SucceedAsync(reporter, context);
        if (ended is null)
        {
            throw Refusal(reporter.Operation.Key, Over);
        }

        attempts.Find(ended.Key, ended.Attempt)?.Heed(ended);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task<Operation?> SucceedAsync(Reporter reporter, HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = null;
        }

        Payload staged = await payloads.StageAsync(context.Request.ContentType ?? "application/octet-stream", context.Request.Body, long.MaxValue, context.RequestAborted);
        Payload? result = staged.Length > 0 ? staged : null;
        Operation? ended = null;
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            return ended = await feed.ChangeAsync(
                reporter.Live,
                operation => reporter.IsPresent(operation) ? operation.Succeed(operation.Attempt, message: null, hasResult: result is not null, now) : null,
                next => [new HistoryEvent(now, HistoryEvent.Ended, next.Attempt, next.Message)],
                result);
        }
        finally
        {
            if (ended is null)
            {
                payloads.Discard(staged);
            }
        }
    }

    private async Task<Operation?> FailAsync(Reporter reporter, OperationError error)
    {
        DateTimeOffset now = time.GetUtcNow();
        return await feed.ChangeAsync(
            reporter.Live,
            operation => reporter.IsPresent(operation) ? operation.Fail(operation.Attempt, error, now) : null,
            next => [new HistoryEvent(now, HistoryEvent.AttemptFailed, next.Attempt, error.Detail), new HistoryEvent(now, HistoryEvent.Ended, next.Attempt, next.Message)]);
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

        if (await feed.FindAsync(key, context.RequestAborted) is not { } live || live.Durable.CreatedAt != createdAt)
        {
            throw new ProblemException(Problems.Gone);
        }

        Operation operation = await feed.ReadWholeAsync(live);
        var reporter = new Reporter(live, operation, sending);
        return operation.State.IsFinal() ? throw Refusal(key, Over)
            : !reporter.IsOfThisSending(operation) ? throw Refusal(key, Problems.Unauthorized("The token is that of an earlier attempt, whose work is no longer wanted. Stop it.", isInvalid: true))
            : !operation.State.IsHeld() ? throw new ProblemException(BetweenAttempts)
            : reporter;
    }

    private ProblemException Refusal(OperationKey key, Problem problem)
    {
        RelayLog.ReportRefused(logger, key, problem.Detail);
        return new ProblemException(problem);
    }

    private static Problem Over => Problems.Conflict("The operation has ended; nothing more is recorded of it.");

    private static Problem BetweenAttempts => new(503, "between-attempts", "Between attempts", "The gateway was started anew and is about to go on with this operation. Nothing was recorded; report again.") { RetryAfter = 1 };

    private sealed record Reporter(LiveOperation Live, Operation Operation, int Sending)
    {
        public bool IsOfThisSending(Operation operation) => RelayCheckpoint.Read(operation.Checkpoint)?.Sending == Sending;

        /// <summary>It still is what the report is about, and runs.</summary>
        public bool IsPresent(Operation operation) => operation.State.IsHeld() && IsOfThisSending(operation);
    }
}
