using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>Cancel, delete, move the expiry, resubmit.</summary>
internal sealed class LifetimeEndpoints(
    OperationLookup lookup,
    OperationFeed feed,
    IExecutionEngine engine,
    Admission admission,
    Resubmission resubmission,
    StatusAnswer answer,
    SubmissionAnswer submission,
    TimeProvider time,
    ILogger<LifetimeEndpoints> logger)
{
    /// <summary>Cooperative: what waits is canceled at once, what runs is asked to stop.</summary>
    public async Task CancelAsync(HttpContext context)
    {
        LiveOperation live = await lookup.RequireAsync(context, Access.Change);
        DateTimeOffset now = time.GetUtcNow();
        Operation canceled = await feed.ChangeAsync(live, operation => operation.RequestCancel(now), next => HistoryEvent.OfCancel(next, now))
            ?? throw new ProblemException(Problems.Conflict($"The operation has ended already ({live.Durable.State.Name()}); there is nothing to cancel."));
        engine.Cancel(canceled.Key);
        await answer.WriteAsync(context, live.Current, StatusCodes.Status202Accepted, live.Current.IsFinal ? 0 : 1);
    }

    /// <summary>An ended operation is gone at once; another one is canceled first and goes when it has ended.</summary>
    public async Task DeleteAsync(HttpContext context)
    {
        LiveOperation live = await lookup.RequireAsync(context, Access.Change);
        DateTimeOffset now = time.GetUtcNow();
        Operation? doomed = await feed.ChangeAsync(live, operation => operation.RequestDelete(now), next => HistoryEvent.OfCancel(next, now));
        WatchLog.Deleted(logger, live.Key, Caller.Of(context).Name);
        if (doomed is not null)
        {
            engine.Cancel(doomed.Key);
        }

        if (doomed is not null && !doomed.State.IsFinal())
        {
            await answer.WriteAsync(context, live.Current, StatusCodes.Status202Accepted, retryAfter: 1);
            return;
        }

        await feed.RemoveAsync(live);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>WS-ResourceLifetime's SetTerminationTime: the answer tells the granted time and the server's own.</summary>
    public async Task PatchAsync(HttpContext context)
    {
        LiveOperation live = await lookup.RequireAsync(context, Access.Change);
        DateTimeOffset expiresAt = await ExpiryBody.ReadAsync(context, time.GetUtcNow());
        DateTimeOffset now = time.GetUtcNow();
        await feed.ChangeAsync(
            live,
            operation => operation.MoveExpiry(expiresAt, now),
            _ => [new HistoryEvent(now, HistoryEvent.ExpiryMoved, Detail: expiresAt.UtcDateTime.ToString(StatusJson.InstantFormat, System.Globalization.CultureInfo.InvariantCulture))]);
        await answer.WriteAsync(context, live.Current, json => StatusJson.WriteInstant(json, "currentTime"u8, now));
    }

    /// <summary>A new operation with the same input; the two link to each other.</summary>
    public async Task ResubmitAsync(HttpContext context)
    {
        LiveOperation ended = await lookup.RequireAsync(context, Access.Change);
        Problem? noStream = submission.TryOpenStream(context, out IDisposable? place);
        using IDisposable? stream = place;
        LiveOperation successor;
        using (await admission.EnterAsync(context, noStream))
        {
            successor = await resubmission.MakeAsync(ended, context.RequestAborted);
        }

        OperationStatus initial = successor.Current;
        await submission.WriteAsync(context, initial, stream);
    }
}
