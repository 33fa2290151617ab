using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>What the doors tell the operator. Event ids are stable; retired ones are not used again.</summary>
internal static partial class WatchLog
{
    [LoggerMessage(500, LogLevel.Error, "A stream of the hub failed unexpectedly, traceId {TraceId}")]
    public static partial void HubStreamFailed(ILogger logger, Exception failure, string traceId);

    [LoggerMessage(130, LogLevel.Information, "A stream ({Way}) was cut: its reader took nothing for {Deadline}")]
    public static partial void Cut(ILogger logger, string way, TimeSpan deadline);

    [LoggerMessage(127, LogLevel.Information, "Operation {Operation} is deleted by {Caller}")]
    public static partial void Deleted(ILogger logger, OperationKey operation, string caller);

    [LoggerMessage(501, LogLevel.Debug, "The hub refused a stream: {Reason}")]
    public static partial void HubRefused(ILogger logger, string reason);
}
