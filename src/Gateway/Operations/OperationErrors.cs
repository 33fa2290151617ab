namespace RealtimeOps.Operations;

/// <summary>The failures that the gateway itself gives to an operation; all others are the handler's.</summary>
internal static class OperationErrors
{
    public static readonly OperationError Canceled = new(499, "Canceled", "The operation was canceled.");

    public static readonly OperationError Unhandled =
        new(500, "Unexpected failure", "The operation failed unexpectedly. Its history and the server's log say more.");

    public static OperationError TimedOut(TimeSpan limit) =>
        new(504, "Timed out", $"The operation did not finish within its time limit of {SpanText.Of(limit)}.");

    public static OperationError Lost(int times) =>
        new(500, "Lost too often", $"The server stopped {times} times while this operation ran, so it is not started again.");

    public static OperationError NoHandler(string type) =>
        new(500, "No handler", $"This server no longer has a handler for operations of type '{type}'.");
}
