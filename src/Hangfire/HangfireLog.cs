using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>What the Hangfire engine tells the operator. Event ids are stable; retired ones are not used again.</summary>
internal static partial class HangfireLog
{
    [LoggerMessage(600, LogLevel.Warning, "Hangfire's storage refused {Count} changes of jobs; they are tried again")]
    public static partial void JobsNotWritten(ILogger logger, Exception failure, int count);

    [LoggerMessage(601, LogLevel.Information, "Recurring operation {Name} was submitted as {Operation}")]
    public static partial void Recurred(ILogger logger, string name, OperationKey operation);
}
