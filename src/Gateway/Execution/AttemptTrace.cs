using System.Diagnostics;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>
/// The span of an attempt: under that of the submission, whichever node runs it and however long after. A resubmission belongs to the trace of who asked for it, and links to the
/// operation that it repeats. What handlers do becomes part of it, as it is current while they run.
/// </summary>
internal static class AttemptTrace
{
    /// <summary>What the operation's span links to; read only where somebody will see it, and done without where it cannot be read.</summary>
    public static async ValueTask<IReadOnlyList<ActivityLink>> LinksAsync(Operation started, IOperationStore store)
    {
        if (started.ResubmissionOf is not { } original || !Telemetry.Source.HasListeners())
        {
            return [];
        }

        try
        {
            return Telemetry.ContextOf((await store.FindAsync(original, CancellationToken.None))?.TraceParent) is { TraceId: var trace } context && trace != default
                ? [new ActivityLink(context)]
                : [];
        }
        catch (StoreUnavailableException)
        {
            return [];
        }
    }

    public static Activity? Start(Operation started, IReadOnlyList<ActivityLink> links)
    {
        Activity? span = Telemetry.Start("run " + started.Key.Type, ActivityKind.Consumer, started.TraceParent, links);
        return span?
            .SetTag("realtimeops.operation.type", started.Key.Type)
            .SetTag("realtimeops.operation.id", started.Key.Id)
            .SetTag("realtimeops.operation.attempt", started.Attempt);
    }

    /// <summary>How it went: names only, since a message may repeat what was submitted.</summary>
    public static void End(Activity span, AttemptOutcome outcome, Operation? left)
    {
        span.SetTag("realtimeops.operation.state", left?.State.Name());
        string? error = outcome switch
        {
            AttemptOutcome.Failed { Cause: { } cause } => cause.GetType().FullName,
            AttemptOutcome.Failed => "failed",
            AttemptOutcome.Stopped { Reason: not StopReason.Canceled } stopped => stopped.Reason.ToString(),
            AttemptOutcome.StoreFailed => "storeFailed",
            _ => null,
        };
        if (error is not null)
        {
            span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error);
        }
    }
}
