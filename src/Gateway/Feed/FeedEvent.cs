using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>What a follower of the changes is told.</summary>
internal enum FeedEventKind
{
    /// <summary>An operation's newest snapshot.</summary>
    Status,

    /// <summary>An operation expired or was deleted.</summary>
    Gone,

    /// <summary>The position that the follower named is unknown: what it knows may be wrong, and what follows replaces it.</summary>
    Reset,

    /// <summary>The follower is up to date; from here on it hears changes as they happen.</summary>
    Ready,

    /// <summary>Nothing has happened.</summary>
    Heartbeat,
}

/// <summary>One event of a feed.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Position">Where a follower that knows this goes on; null for events that move no position.</param>
/// <param name="Status">The snapshot, of a <see cref="FeedEventKind.Status"/>.</param>
/// <param name="GoneUri">The status URI, of a <see cref="FeedEventKind.Gone"/>.</param>
internal readonly record struct FeedEvent(FeedEventKind Kind, FeedPosition? Position = null, OperationStatus? Status = null, string? GoneUri = null);
