namespace RealtimeOps.Webhooks;

/// <summary>What callbacks tell the operator. Event ids are stable; retired ones are not used again.</summary>
internal static partial class WebhookLog
{
    [LoggerMessage(400, LogLevel.Information, "Message {Message} about {Operation} is {State}: {Error}")]
    public static partial void GivenUp(ILogger logger, string message, string? operation, DeliveryState state, string error);

    [LoggerMessage(128, LogLevel.Debug, "Message {Message} about {Operation} was delivered in {Elapsed:0.0} ms")]
    public static partial void Delivered(ILogger logger, string message, string? operation, double elapsed);

    [LoggerMessage(129, LogLevel.Information, "A try of message {Message} about {Operation} failed: {Error}, status {Status}")]
    public static partial void TryFailed(ILogger logger, string message, string? operation, string error, int? status);

    [LoggerMessage(401, LogLevel.Warning, "Subscription {Subscription} is switched off: {Reason}")]
    public static partial void Disabled(ILogger logger, string subscription, string reason);

    [LoggerMessage(402, LogLevel.Warning, "Messages wait until the store can be used")]
    public static partial void StoreFailed(ILogger logger, Exception failure);

    [LoggerMessage(403, LogLevel.Error, "Sending message {Message} failed unexpectedly; it is sent again when its lease is over")]
    public static partial void SendFailed(ILogger logger, Exception failure, string message);

    [LoggerMessage(404, LogLevel.Information, "Removed {Count} old messages")]
    public static partial void Removed(ILogger logger, int count);

    [LoggerMessage(405, LogLevel.Error, "Sending to {Lane} failed unexpectedly; it goes on in a moment")]
    public static partial void LaneFailed(ILogger logger, Exception failure, string lane);

    [LoggerMessage(406, LogLevel.Warning, "{Count} messages lay in mailboxes for too long and are dead")]
    public static partial void NotFetched(ILogger logger, int count);
}
