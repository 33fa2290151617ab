namespace RealtimeOps.Storage;

/// <summary>What the store tells the operator. Event ids are stable; retired ones are not used again.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(100, LogLevel.Information, "Store opened: {Path}, schema {Schema}")]
    public static partial void Opened(ILogger logger, string path, int schema);

    [LoggerMessage(101, LogLevel.Error, "The store cannot be written ({Writes} writes refused); submissions are answered 503 until it can")]
    public static partial void WriteFailed(ILogger logger, Exception failure, int writes);

    [LoggerMessage(102, LogLevel.Information, "The store can be written again")]
    public static partial void Recovered(ILogger logger);

    [LoggerMessage(103, LogLevel.Debug, "A failed connection to the store could not be closed cleanly")]
    public static partial void CloseFailed(ILogger logger, Exception failure);

    [LoggerMessage(104, LogLevel.Information, "Removed {Count} payload files that no operation names")]
    public static partial void OrphansRemoved(ILogger logger, int count);

    [LoggerMessage(105, LogLevel.Error, "The disk refused a payload")]
    public static partial void PayloadFailed(ILogger logger, Exception failure);

    [LoggerMessage(106, LogLevel.Warning, "The payload file {File} could not be removed")]
    public static partial void RemoveFailed(ILogger logger, Exception failure, string file);

    [LoggerMessage(107, LogLevel.Information, "Callbacks are signed with a new secret, kept in {Path}: receivers need it. Set Webhooks:Secret to use one of your own")]
    public static partial void SecretMade(ILogger logger, string path);

    [LoggerMessage(108, LogLevel.Error, "The database refused a write that it will never accept")]
    public static partial void WriteRefused(ILogger logger, Exception failure);

    [LoggerMessage(109, LogLevel.Warning, "The database did not answer a commit; it is asked whether it was made")]
    public static partial void CommitUnknown(ILogger logger, Exception failure);

    [LoggerMessage(110, LogLevel.Warning, "The shared store could not be looked after; it is tried again")]
    public static partial void CareFailed(ILogger logger, Exception failure);

    [LoggerMessage(111, LogLevel.Warning, "{Advice}")]
    public static partial void Advice(ILogger logger, string advice);

    [LoggerMessage(112, LogLevel.Information, "Callbacks are signed with a new secret, kept in the database. Set Webhooks:Secret to use one of your own")]
    public static partial void SharedSecretMade(ILogger logger);
}
