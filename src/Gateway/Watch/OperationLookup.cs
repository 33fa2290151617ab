using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>Finds the operation that a request names. What the caller may not see does not exist for it.</summary>
internal sealed class OperationLookup(OperationFeed feed, IOperationStore store, TimeProvider time)
{
    public static OperationKey KeyOf(HttpContext context) => new((string)context.Request.RouteValues["type"]!, (string)context.Request.RouteValues["id"]!);

    /// <summary>The operation, or the problem to answer with.</summary>
    public ValueTask<(LiveOperation? Live, Problem? Problem)> FindAsync(HttpContext context)
    {
        OperationKey key = KeyOf(context);
        ValueTask<LiveOperation?> found = feed.FindAsync(key, context.RequestAborted);
        if (found.IsCompletedSuccessfully && found.Result is { } live && Judge(live, Caller.Of(context)) is null)
        {
            return ValueTask.FromResult<(LiveOperation?, Problem?)>((live, null));
        }

        return FindSlowAsync(context, key, found.IsCompletedSuccessfully ? new ValueTask<LiveOperation?>(found.Result) : found);
    }

    /// <summary>As the other one, for requests that cannot go on without it.</summary>
    /// <exception cref="ProblemException">It is not there, or gone.</exception>
    public async ValueTask<LiveOperation> RequireAsync(HttpContext context)
    {
        (LiveOperation? live, Problem? problem) = await FindAsync(context);
        return problem is null ? live! : throw new ProblemException(problem);
    }

    private async ValueTask<(LiveOperation? Live, Problem? Problem)> FindSlowAsync(HttpContext context, OperationKey key, ValueTask<LiveOperation?> finding)
    {
        if (!OperationKey.IsType(key.Type) || !OperationKey.IsId(key.Id))
        {
            return (null, Problems.NotFound);
        }

        Caller caller = Caller.Of(context);
        if (await finding is { } live)
        {
            Problem? problem = Judge(live, caller);
            return problem is null ? (live, null) : (null, problem);
        }

        string? owner = await store.FindTombstoneAsync(key, time.GetUtcNow(), context.RequestAborted);
        return (null, owner == caller.Name ? Problems.Gone : Problems.NotFound);
    }

    private Problem? Judge(LiveOperation live, Caller caller)
    {
        Operation operation = live.Durable;
        return operation.Owner != caller.Name ? Problems.NotFound
            : operation.State.IsFinal() && operation.IsExpired(time.GetUtcNow()) ? Problems.Gone
            : null;
    }
}
