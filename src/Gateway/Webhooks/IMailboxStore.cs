namespace RealtimeOps.Webhooks;

/// <summary>
/// Messages that are fetched instead of sent. Their rows are those of <see cref="IDeliveryStore"/>: one lies in its mailbox from when it was recorded
/// until it is acknowledged. A name that nobody has used is an empty mailbox of whoever asks. To whom some types are closed, their messages are not there. Every change is durable when its method returns.
/// </summary>
internal interface IMailboxStore
{
    /// <summary>Those of an owner, newest first.</summary>
    ValueTask<IReadOnlyList<Mailbox>> ListAsync(MessageAccess access, long beforeNumber, int most, CancellationToken cancellationToken);

    /// <summary>How many unacknowledged messages it holds; null when it is another owner's.</summary>
    ValueTask<long?> CountAsync(MessageAccess access, string name, CancellationToken cancellationToken);

    /// <summary>Gives out what nobody else has at present, oldest first, and hides it from others for a while. Null when it is another owner's.</summary>
    ValueTask<TakenMessages?> TakeAsync(MessageAccess access, string name, DateTimeOffset now, DateTimeOffset hiddenUntil, int most);

    /// <summary>Which of these messages are still hidden and unacknowledged.</summary>
    ValueTask<IReadOnlyList<long>> StillOutAsync(IReadOnlyList<long> numbers, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>One unacknowledged message, which stays as it is; null when there is none.</summary>
    ValueTask<MailboxMessage?> FindAsync(MessageAccess access, string name, string id, DateTimeOffset now);

    /// <summary>Takes a message out for good. One that is not there any more is no fault; false when it is another owner's mailbox.</summary>
    ValueTask<bool> AcknowledgeAsync(MessageAccess access, string name, string id, DateTimeOffset now);

    /// <summary>As the other one, for the message and all before it, as far as they have been given out: none is lost that nobody has read.</summary>
    ValueTask<bool> AcknowledgeUpToAsync(MessageAccess access, string name, string id, DateTimeOffset now);

    /// <summary>Makes dead what has been waiting since before an instant; answers how many it was, and the subscriptions that this has switched off.</summary>
    ValueTask<(int Count, IReadOnlyList<Subscription> Disabled)> GiveUpAsync(DateTimeOffset receivedBefore, DateTimeOffset now, TimeSpan disableAfter, int most);
}

/// <summary>A mailbox that has been used.</summary>
/// <param name="Number">Order of first use.</param>
/// <param name="Name">Its name, unique within the server.</param>
/// <param name="Pending">How many unacknowledged messages it holds.</param>
internal sealed record Mailbox(long Number, string Name, long Pending);

/// <summary>A message as it is given out.</summary>
/// <param name="Number">Its number in the store.</param>
/// <param name="Id">The <c>webhook-id</c>.</param>
/// <param name="ReceivedAt">When it came into the mailbox.</param>
/// <param name="Body">What is signed.</param>
/// <param name="Secrets">What signs it, the newest first; null stands for the gateway's own secret.</param>
internal sealed record MailboxMessage(long Number, string Id, DateTimeOffset ReceivedAt, byte[] Body, IReadOnlyList<string?> Secrets);

/// <summary>What was there to be read.</summary>
/// <param name="Messages">In the order of their numbers.</param>
/// <param name="NextVisibleAt">When there were fewer than asked for: when the first of those that are hidden comes back, if any is.</param>
internal sealed record TakenMessages(IReadOnlyList<MailboxMessage> Messages, DateTimeOffset? NextVisibleAt);
