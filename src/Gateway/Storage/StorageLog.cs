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

    [LoggerMessage(107, LogLevel.Information, "A secret was made and is kept in {Path}. Set {Setting} to use one of your own")]
    public static partial void SecretMade(ILogger logger, string path, string setting);
}
