using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>What one node tells the others.</summary>
internal abstract record FeedMessage
{
    private FeedMessage()
    {
    }

    /// <summary>The newest snapshot of an operation that changed there.</summary>
    public sealed record Changed(OperationStatus Status) : FeedMessage;

    /// <summary>An operation changed there, and its snapshot is not at hand or too long to be sent: it has to be looked up.</summary>
    public sealed record Look(OperationKey Key) : FeedMessage;

    /// <summary>An operation was removed; its last state goes with it, for those who have not seen the end yet.</summary>
    public sealed record Gone(Operation Last) : FeedMessage;

    /// <summary>Something came into a mailbox or left it.</summary>
    public sealed record Mailbox(string Name) : FeedMessage;

    /// <summary>The sender could not keep all that it had to tell: what the others know of its changes is in doubt.</summary>
    public sealed record Lost : FeedMessage;

    /// <summary>Nothing happened; but the message before this one is missed where it did not arrive.</summary>
    public sealed record Beat : FeedMessage;
}
