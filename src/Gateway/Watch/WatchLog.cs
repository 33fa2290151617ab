namespace RealtimeOps.Watch;

/// <summary>What the doors tell the operator. Event ids are stable; retired ones are not used again.</summary>
internal static partial class WatchLog
{
    [LoggerMessage(500, LogLevel.Error, "A stream of the hub failed unexpectedly, traceId {TraceId}")]
    public static partial void HubStreamFailed(ILogger logger, Exception failure, string traceId);

    [LoggerMessage(501, LogLevel.Debug, "The hub refused a stream: {Reason}")]
    public static partial void HubRefused(ILogger logger, string reason);
}
