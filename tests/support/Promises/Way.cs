namespace RealtimeOps.TestSupport.Promises;

/// <summary>A way of waiting.</summary>
public enum Way
{
    Stream,
    LongPoll,
    Poll,
    JsonLines,
}
