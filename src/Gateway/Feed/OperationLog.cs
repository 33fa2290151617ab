using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>
/// One event for each change of an operation's state. What goes as it should is at Debug: at thousands of operations a second, writing it would cost more than the
/// operations. Event ids are stable; retired ones are not used again.
/// </summary>
internal static partial class OperationLog
{
    [LoggerMessage(120, LogLevel.Debug, "Operation {Operation} was accepted")]
    public static partial void Accepted(ILogger logger, OperationKey operation);

    [LoggerMessage(121, LogLevel.Information, "Operation {Operation} failed with {Status} in attempt {Attempt}")]
    public static partial void Failed(ILogger logger, OperationKey operation, int status, int attempt);

    [LoggerMessage(122, LogLevel.Information, "Operation {Operation} is tried again at {DueAt:O}, after attempt {Attempt}")]
    public static partial void Retried(ILogger logger, OperationKey operation, int attempt, DateTimeOffset dueAt);

    [LoggerMessage(123, LogLevel.Information, "Operation {Operation} is canceled, in attempt {Attempt}")]
    public static partial void Canceled(ILogger logger, OperationKey operation, int attempt);

    [LoggerMessage(124, LogLevel.Information, "Operation {Operation} is asked to stop, in attempt {Attempt}")]
    public static partial void CancelAsked(ILogger logger, OperationKey operation, int attempt);

    [LoggerMessage(125, LogLevel.Information, "Operation {Operation} is in the queue again: attempt {Attempt} was broken off")]
    public static partial void GivenBack(ILogger logger, OperationKey operation, int attempt);

    [LoggerMessage(126, LogLevel.Debug, "Operation {Operation} was removed: it had expired or was deleted")]
    public static partial void Removed(ILogger logger, OperationKey operation);

    [LoggerMessage(200, LogLevel.Debug, "Operation {Operation} started, attempt {Attempt}")]
    public static partial void Started(ILogger logger, OperationKey operation, int attempt);

    [LoggerMessage(201, LogLevel.Debug, "Operation {Operation} succeeded in attempt {Attempt}")]
    public static partial void Succeeded(ILogger logger, OperationKey operation, int attempt);
}
