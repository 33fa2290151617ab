namespace RealtimeOps.Operations;

/// <summary>One line of an operation's history: what happened, when, in which attempt.</summary>
/// <param name="At">When.</param>
/// <param name="Event">What: one of the names below.</param>
/// <param name="Attempt">The attempt it belongs to, when it belongs to one.</param>
/// <param name="Detail">Words for a person: an activity, the reason of a failure.</param>
internal sealed record HistoryEvent(DateTimeOffset At, string Event, int? Attempt = null, string? Detail = null)
{
    public const string Accepted = "accepted";
    public const string Started = "started";
    public const string Activity = "activity";
    public const string AttemptFailed = "attemptFailed";
    public const string CancelRequested = "cancelRequested";
    public const string Ended = "ended";
    public const string Resubmitted = "resubmitted";
    public const string ExpiryMoved = "expiryMoved";
    public const string Contact = "contact";
    public const string Delivery = "delivery";

    /// <summary>What a wish to cancel leaves in the history.</summary>
    public static IReadOnlyList<HistoryEvent> OfCancel(Operation next, DateTimeOffset now) =>
        next.State.IsFinal()
            ? [new HistoryEvent(now, CancelRequested), new HistoryEvent(now, Ended, Detail: next.Message)]
            : [new HistoryEvent(now, CancelRequested, next.Attempt)];
}

/// <summary>One way of waiting that somebody opened.</summary>
/// <param name="Way">poll, longPoll, eventStream, jsonLines, …</param>
/// <param name="FirstAt">The first time.</param>
/// <param name="LastAt">The last time.</param>
/// <param name="Count">How often.</param>
internal sealed record OperationContact(string Way, DateTimeOffset FirstAt, DateTimeOffset LastAt, long Count);
