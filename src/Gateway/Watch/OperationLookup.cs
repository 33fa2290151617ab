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
    public ValueTask<(LiveOperation? Live, Problem? Problem)> FindAsync(HttpContext context) => FindAsync(context, Access.See);

    /// <summary>Whether the caller may do this with the operation.</summary>
    public static bool Allows(Caller caller, Operation operation, Access access) =>
        caller.Link is { } link ? operation.Key == new OperationKey(link.Type, link.Id) && operation.CreatedAt == link.CreatedAt
        : caller.MayUse(operation.Key.Type) && (access is Access.See ? caller.Sees(operation.Owner) : caller.MayChange(operation.Owner));

    /// <summary>Whether the caller is told that this was there: it was its own, or its link said so.</summary>
    public static bool SeesTombstone(Caller caller, OperationKey key, string? owner) =>
        owner is not null && caller.MayUse(key.Type) && (caller.Sees(owner) || caller.Link is not null);

    private ValueTask<(LiveOperation? Live, Problem? Problem)> FindAsync(HttpContext context, Access access)
    {
        OperationKey key = KeyOf(context);
        ValueTask<LiveOperation?> found = feed.FindAsync(key, context.RequestAborted);
        if (found.IsCompletedSuccessfully && found.Result is { } live && Judge(live, Caller.Of(context), access) is null)
        {
            return ValueTask.FromResult<(LiveOperation?, Problem?)>((live, null));
        }

        return FindSlowAsync(context, key, access, found.IsCompletedSuccessfully ? new ValueTask<LiveOperation?>(found.Result) : found);
    }

    /// <summary>As the other one, for requests that cannot go on without it.</summary>
    /// <exception cref="ProblemException">It is not there, or gone.</exception>
    public async ValueTask<LiveOperation> RequireAsync(HttpContext context, Access access = Access.See)
    {
        (LiveOperation? live, Problem? problem) = await FindAsync(context, access);
        return problem is null ? live! : throw new ProblemException(problem);
    }

    private async ValueTask<(LiveOperation? Live, Problem? Problem)> FindSlowAsync(HttpContext context, OperationKey key, Access access, ValueTask<LiveOperation?> finding)
    {
        if (!OperationKey.IsType(key.Type) || !OperationKey.IsId(key.Id))
        {
            return (null, Problems.NotFound);
        }

        Caller caller = Caller.Of(context);
        LiveOperation? live = await finding;
        Problem? problem = live is null ? Problems.NotFound : Judge(live, caller, access);
        if (problem != Problems.NotFound)
        {
            return problem is null ? (live, null) : (null, problem);
        }

        if (live is not null)
        {
            // What is somebody else's takes the same steps as what is not there, so that the time tells nothing either.
            await store.FindAsync(key, context.RequestAborted);
        }

        string? owner = await store.FindTombstoneAsync(key, time.GetUtcNow(), context.RequestAborted);
        return (null, live is null && SeesTombstone(caller, key, owner) ? Problems.Gone : Problems.NotFound);
    }

    private Problem? Judge(LiveOperation live, Caller caller, Access access)
    {
        Operation operation = live.Durable;
        return !Allows(caller, operation, access) ? Problems.NotFound
            : operation.State.IsFinal() && operation.IsExpired(time.GetUtcNow()) ? Problems.Gone
            : null;
    }
}

/// <summary>What a request wants with an operation.</summary>
internal enum Access
{
    See,
    Change,
}
