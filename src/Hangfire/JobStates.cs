using System.Globalization;
using Hangfire.Common;
using Hangfire.States;
using RealtimeOps.Execution;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>Which state of a job tells the truth about its operation.</summary>
internal static class JobStates
{
    /// <summary>For an operation that nobody holds.</summary>
    public static IState After(Operation? operation, Exception? failure, DateTimeOffset now) => operation switch
    {
        null => new DeletedState { Reason = "The operation is gone." },
        { State: OperationState.Succeeded } => new SucceededState(result: null, Milliseconds(operation.CreatedAt, operation.StartedAt), Milliseconds(operation.StartedAt, operation.EndedAt)),
        { State: OperationState.Failed } => new FinalFailure(new FailedState(failure ?? new OperationFailedException(operation.Status!.Value, operation.Message!)) { Reason = operation.Message }),
        { State: OperationState.Canceled } => new DeletedState { Reason = operation.Message },
        { State: OperationState.Retrying } => NotBefore(operation.DueAt, $"Attempt {operation.Attempt} failed: {failure?.Message ?? "see the operation's history."}"),
        _ when operation.DueAt > now => NotBefore(operation.DueAt, "Not before its time."),
        _ => new EnqueuedState(OperationJob.QueueOf(operation.Key.Type)) { Reason = "The attempt was given back." },
    };

    /// <summary>Hangfire cuts times to whole seconds and would be early; the dispatcher starts it to the millisecond anyway.</summary>
    public static ScheduledState NotBefore(DateTimeOffset dueAt, string reason)
    {
        long second = (dueAt.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
        return new ScheduledState(new DateTime(second * TimeSpan.TicksPerSecond, DateTimeKind.Utc)) { Reason = reason };
    }

    /// <summary>Whether a job in that state waits for a run, or has one.</summary>
    public static bool IsAlive(string? state) => state is not null && (state == EnqueuedState.StateName || state == ScheduledState.StateName || state == ProcessingState.StateName);

    private static long Milliseconds(DateTimeOffset? from, DateTimeOffset? to) => (long)((to - from)?.TotalMilliseconds ?? 0);
}

/// <summary>Hangfire's state of a job that runs, which only its own workers can make.</summary>
internal sealed class RunningState(Operation started, string serverId) : IState
{
    public string Name => ProcessingState.StateName;

    public string Reason => string.Create(CultureInfo.InvariantCulture, $"Attempt {started.Attempt}");

    public bool IsFinal => false;

    public bool IgnoreJobLoadException => false;

    public Dictionary<string, string> SerializeData() => new() { ["StartedAt"] = JobHelper.SerializeDateTime(started.UpdatedAt.UtcDateTime), ["ServerId"] = serverId };
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
