using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>What the Hangfire engine tells the operator. Event ids are stable; retired ones are not used again.</summary>
internal static partial class HangfireLog
{
    [LoggerMessage(600, LogLevel.Warning, "Hangfire's storage refused {Count} changes of jobs; they are tried again one by one")]
    public static partial void JobsNotWritten(ILogger logger, Exception failure, int count);

    [LoggerMessage(601, LogLevel.Information, "Recurring operation {Name} was submitted as {Operation}")]
    public static partial void Recurred(ILogger logger, string name, OperationKey operation);

    [LoggerMessage(602, LogLevel.Warning, "Hangfire's storage refuses one change of a job while it takes others; the change is dropped, and the sweeper brings its operation again")]
    public static partial void JobNotWritten(ILogger logger, Exception failure);

    [LoggerMessage(603, LogLevel.Warning, "What follows a change of a job failed")]
    public static partial void NotFollowedUp(ILogger logger, Exception failure);
}
