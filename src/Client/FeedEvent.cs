namespace RealtimeOps.Client;

/// <summary>What a feed tells: one of <see cref="FeedStatus"/>, <see cref="FeedGone"/>, <see cref="FeedReset"/>, <see cref="FeedReady"/>.</summary>
/// <param name="Position">Where the feed is after this event: give it to <see cref="RealtimeOpsClient.FollowAsync"/> to go on from here another time. Null until the server has told one.</param>
public abstract record FeedEvent(string? Position);

/// <summary>An operation is there, or has changed.</summary>
/// <param name="Status">Its newest snapshot; after a new connection perhaps one that was told before.</param>
/// <param name="Position">Where the feed is after this event.</param>
public sealed record FeedStatus(OperationStatus Status, string? Position) : FeedEvent(Position);

/// <summary>An operation was deleted or has expired.</summary>
/// <param name="Uri">Its status URI.</param>
/// <param name="Position">Where the feed is after this event.</param>
public sealed record FeedGone(Uri Uri, string? Position) : FeedEvent(Position);

/// <summary>The position was too old or of another server: forget what was told before. All that has not ended, and what ended lately, comes anew.</summary>
/// <param name="Position">Where the feed was.</param>
public sealed record FeedReset(string? Position) : FeedEvent(Position);

/// <summary>All that was missed has come; what follows is new. Told after each new connection.</summary>
/// <param name="Position">Where the feed is after this event.</param>
public sealed record FeedReady(string? Position) : FeedEvent(Position);
