namespace RealtimeOps.Client;

/// <summary>How to watch. All of it may be left out.</summary>
public sealed record WatchOptions
{
    /// <summary>
    /// How long the server may be out of reach, at the beginning or in the middle, before the watch gives up. Default 5 minutes; <see cref="Timeout.InfiniteTimeSpan"/>: for ever.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Which way of waiting to use. Default <see cref="WatchTransport.Auto"/>. A feed always uses server-sent events.</summary>
    public WatchTransport Transport { get; init; }

    /// <summary>Told what went wrong each time the connection is lost or a way of waiting does not work; the watch mends it by itself.</summary>
    public Action<Exception>? OnTrouble { get; init; }
}

/// <summary>A way of waiting.</summary>
public enum WatchTransport
{
    /// <summary>The best that works, in the order of this list; a better one is tried again from time to time.</summary>
    Auto,

    /// <summary>Server-sent events: every change is pushed.</summary>
    EventStream,

    /// <summary>Requests that the server holds until there is something new.</summary>
    LongPoll,

    /// <summary>Requests at the pace that the server suggests.</summary>
    Poll,
}
