namespace RealtimeOps.Feed;

/// <summary>Carries changes between the nodes that share a store. It may lose messages as long as it says so: the store is the truth.</summary>
internal interface IFeedBackplane
{
    /// <summary>Sends to all other nodes, in this order.</summary>
    /// <exception cref="StoreUnavailableException">Not all of it was sent; it is tried again.</exception>
    Task SendAsync(IReadOnlyList<FeedMessage> messages, CancellationToken cancellationToken);

    /// <summary>Passes on what the other nodes send, until cancelled.</summary>
    /// <exception cref="StoreUnavailableException">The connection could not be made, or is lost.</exception>
    Task ListenAsync(IFeedListener listener, CancellationToken cancellationToken);
}

/// <summary>Hears what the other nodes send, one call at a time. Nothing here takes long.</summary>
internal interface IFeedListener
{
    /// <summary>From now on everything is heard.</summary>
    void Connected();

    void Received(FeedMessage message);

    /// <summary>Some messages did not arrive.</summary>
    void Missed();
}
