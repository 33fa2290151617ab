namespace RealtimeOps.Feed;

/// <summary>What the connection between nodes tells the operator. Event ids are stable; retired ones are not used again.</summary>
internal static partial class FeedLog
{
    [LoggerMessage(700, LogLevel.Information, "Connected with the other nodes")]
    public static partial void Connected(ILogger logger);

    [LoggerMessage(701, LogLevel.Warning, "The connection with the other nodes is lost; what they change is looked up in the store until it is back")]
    public static partial void Disconnected(ILogger logger, Exception failure);

    [LoggerMessage(702, LogLevel.Warning, "Messages of other nodes were lost; what is watched or runs here is read again, and followers begin anew")]
    public static partial void Missed(ILogger logger);

    [LoggerMessage(703, LogLevel.Warning, "Changes could not be told to the other nodes; it is tried again")]
    public static partial void SendFailed(ILogger logger, Exception failure);

    [LoggerMessage(622, LogLevel.Warning, "Counting what each caller has waiting failed; it is tried again")]
    public static partial void NotCounted(ILogger logger, Exception failure);
}
