using RealtimeOps.Operations;

namespace RealtimeOps.Relay;

/// <summary>What the relay tells the operator. Event ids are stable; retired ones are not used again.</summary>
internal static partial class RelayLog
{
    [LoggerMessage(800, LogLevel.Warning, "The service behind {Route} could not be told to stop its work on {Operation}")]
    public static partial void NotStopped(ILogger logger, OperationKey operation, string route);

    [LoggerMessage(801, LogLevel.Information, "A report on {Operation} was refused: {Reason}")]
    public static partial void ReportRefused(ILogger logger, OperationKey operation, string reason);

    [LoggerMessage(802, LogLevel.Information, "GET {Path} got no answer from the service: {Reason}")]
    public static partial void NoAnswer(ILogger logger, string path, string reason);

    [LoggerMessage(803, LogLevel.Information, "The service broke off its answer to GET {Path}")]
    public static partial void BrokenOff(ILogger logger, string path);
}
