namespace RealtimeOps.Webhooks;

/// <summary>Keeps subscriptions; expired ones count as gone. No owner stands for anybody. Every change is durable when its method returns.</summary>
internal interface ISubscriptionStore
{
    /// <summary>Whether there is any that wants every change.</summary>
    bool WantsChanges { get; }

    /// <summary>Adds it unless its owner has <paramref name="most"/> already, or it names another owner's mailbox.</summary>
    ValueTask<AddResult> AddAsync(Subscription subscription, int most);

    /// <summary>
    /// Lets <paramref name="decide"/> make the next state from the present one. Null when there is none, or <paramref name="decide"/> refuses. When it becomes
    /// active, what was kept for it is due.
    /// </summary>
    ValueTask<Subscription?> ChangeAsync(string? owner, string id, DateTimeOffset now, Func<Subscription, Subscription?> decide);

    /// <summary>Removes it, and what has not been sent yet.</summary>
    ValueTask<bool> RemoveAsync(string? owner, string id);

    /// <summary>Removes those that expired and have nothing left to send.</summary>
    ValueTask RemoveExpiredAsync(DateTimeOffset now);

    ValueTask<Subscription?> FindAsync(string? owner, string id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Newest first, from behind <paramref name="beforeId"/>.</summary>
    ValueTask<IReadOnlyList<Subscription>> ListAsync(string? owner, string? beforeId, DateTimeOffset now, int most, CancellationToken cancellationToken);
}

/// <summary>What became of a new subscription.</summary>
internal enum AddResult
{
    Added,
    TooMany,
    MailboxTaken,
}
