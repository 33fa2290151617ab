using Hangfire.States;
using RealtimeOps.Execution;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>Which state of a job tells the truth about its operation.</summary>
internal static class JobStates
{
    /// <summary>For a job whose run is over. Null stands for what Hangfire would say itself: it succeeded.</summary>
    public static IState? After(Operation? operation, Exception? failure, string queue, DateTimeOffset now) => operation switch
    {
        null => new DeletedState { Reason = "The operation is gone." },
        { State: OperationState.Succeeded } => null,
        { State: OperationState.Failed } => new FinalFailure(new FailedState(failure ?? new OperationFailedException(operation.Status!.Value, operation.Message!)) { Reason = operation.Message }),
        { State: OperationState.Canceled } => new DeletedState { Reason = operation.Message },
        { State: OperationState.Retrying } => NotBefore(operation.DueAt, $"Attempt {operation.Attempt} failed: {failure?.Message ?? "see the operation's history."}"),
        { State: OperationState.Queued } when operation.DueAt > now => NotBefore(operation.DueAt, "Not before its time."),
        { State: OperationState.Queued } => new EnqueuedState(queue) { Reason = "The attempt was given back." },
        _ => NotBefore(operation.LeaseUntil ?? now, "Another server holds the operation."),
    };

    /// <summary>Hangfire cuts times to whole seconds and would be early; the dispatcher starts it to the millisecond anyway.</summary>
    public static ScheduledState NotBefore(DateTimeOffset dueAt, string reason)
    {
        long second = (dueAt.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
        return new ScheduledState(new DateTime(second * TimeSpan.TicksPerSecond, DateTimeKind.Utc)) { Reason = reason };
    }
}

/// <summary>Hangfire keeps failed jobs for ever, since somebody may retry them. This one is submitted anew instead, so it goes like other finished ones.</summary>
internal sealed class FinalFailure(FailedState failure) : IState
{
    public string Name => failure.Name;

    public string Reason => failure.Reason;

    public bool IsFinal => true;

    public bool IgnoreJobLoadException => failure.IgnoreJobLoadException;

    public Dictionary<string, string> SerializeData() => failure.SerializeData();
}

/// <summary>A line in a job's history that changes no state.</summary>
internal sealed class JobNote(string name, string reason, Dictionary<string, string>? data = null) : IState
{
    public string Name => name;

    public string Reason => reason;

    public bool IsFinal => false;

    public bool IgnoreJobLoadException => true;

    public Dictionary<string, string> SerializeData() => data ?? [];
}
