using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>What execution tells the operator. Event ids are stable; retired ones are not used again.</summary>
internal static partial class ExecutionLog
{
    [LoggerMessage(202, LogLevel.Warning, "Attempt {Attempt} of {Operation} failed")]
    public static partial void AttemptFailed(ILogger logger, Exception failure, OperationKey operation, int attempt);

    [LoggerMessage(212, LogLevel.Information, "Attempt {Attempt} of {Operation} failed with {Status}, as its handler says")]
    public static partial void HandlerFailed(ILogger logger, OperationKey operation, int attempt, int status);

    [LoggerMessage(213, LogLevel.Warning, "A callback that attempt {Attempt} of {Operation} hung on its token failed")]
    public static partial void StopCallbackFailed(ILogger logger, Exception failure, OperationKey operation, int attempt);

    [LoggerMessage(203, LogLevel.Warning, "Attempt {Attempt} of {Operation} no longer holds it; what it says is refused")]
    public static partial void Fenced(ILogger logger, OperationKey operation, int attempt);

    [LoggerMessage(214, LogLevel.Debug, "The end of {Operation} was recorded while its attempt {Attempt} ran")]
    public static partial void EndedElsewhere(ILogger logger, OperationKey operation, int attempt);

    [LoggerMessage(204, LogLevel.Warning, "The handler of {Operation}, attempt {Attempt}, did not stop in time and is left behind")]
    public static partial void LeftBehind(ILogger logger, OperationKey operation, int attempt);

    [LoggerMessage(205, LogLevel.Debug, "A handler of {Operation} that was left behind has ended")]
    public static partial void LeftBehindEnded(ILogger logger, Exception? failure, OperationKey operation);

    [LoggerMessage(206, LogLevel.Warning, "The end of {Operation}, attempt {Attempt}, waits until the store can be written")]
    public static partial void EndWaits(ILogger logger, OperationKey operation, int attempt);

    [LoggerMessage(207, LogLevel.Error, "Running {Operation} failed outside its handler; the sweeper takes it up again")]
    public static partial void RunFailed(ILogger logger, Exception failure, OperationKey operation);

    [LoggerMessage(208, LogLevel.Warning, "Looking for stalled operations failed; it is tried again")]
    public static partial void SweepFailed(ILogger logger, Exception failure);

    [LoggerMessage(215, LogLevel.Error, "Fetching what waits of type {Type} failed; it is tried again")]
    public static partial void FetchFailed(ILogger logger, Exception failure, string type);

    [LoggerMessage(209, LogLevel.Information, "Taken back from attempts that are gone: {Count} operations")]
    public static partial void TakenBack(ILogger logger, int count);

    [LoggerMessage(210, LogLevel.Information, "Removed {Count} expired operations")]
    public static partial void Expired(ILogger logger, int count);

    [LoggerMessage(211, LogLevel.Warning, "Removing expired operations failed; it is tried again")]
    public static partial void ExpiryFailed(ILogger logger, Exception failure);
}
