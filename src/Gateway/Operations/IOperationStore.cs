namespace RealtimeOps.Operations;

/// <summary>
/// Keeps operations. Every method that changes something returns only after the change is durable, and throws
/// <see cref="StoreUnavailableException"/> when nothing was changed.
/// </summary>
internal interface IOperationStore
{
    /// <summary>Other nodes use it too, so a lease that has not lapsed must be respected. Else what is held at the start is left from a process that died.</summary>
    bool IsShared { get; }

    /// <summary>Why the store cannot be written at present; null when all is well.</summary>
    string? Trouble { get; }

    /// <summary>Writes something that means nothing, to find out whether anything can be written.</summary>
    ValueTask ProbeAsync(DateTimeOffset now);

    /// <summary>Inserts a new operation unless its key, or its owner's idempotency key, is taken, or the mailbox that it names cannot be used.</summary>
    ValueTask<AcceptResult> AcceptAsync(Operation operation, Payload input);

    /// <summary>
    /// Replaces the operation if it is still at revision <c>next.Revision - 1</c>; else changes nothing and answers false.
    /// A result and history go with it in the same transaction.
    /// </summary>
    ValueTask<bool> UpdateAsync(Operation next, IReadOnlyList<HistoryEvent> history, Payload? result = null);

    /// <summary>
    /// Links both operations of a resubmission: inserts the new one with the input of the old one, and replaces the old one. Answers the new one as it
    /// is in the store; null, and changes nothing, if the old one is no longer at revision <c>predecessor.Revision - 1</c>.
    /// </summary>
    ValueTask<Operation?> ResubmitAsync(Operation successor, Operation predecessor, IReadOnlyList<HistoryEvent> history);

    /// <summary>Adds to the counts of contacts. These may be lost in a crash; nothing else may.</summary>
    ValueTask RecordContactsAsync(IReadOnlyList<(long Sequence, OperationContact Contact)> contacts);

    /// <summary>Removes ended operations that expired at or before <paramref name="now"/>, leaving tombstones; answers what they were.</summary>
    ValueTask<IReadOnlyList<Operation>> RemoveExpiredAsync(DateTimeOffset now, int most);

    ValueTask<Operation?> FindAsync(OperationKey key, CancellationToken cancellationToken);

    ValueTask<Operation?> FindByIdempotencyKeyAsync(string owner, string key, CancellationToken cancellationToken);

    ValueTask<Payload?> FindInputAsync(long sequence, CancellationToken cancellationToken);

    ValueTask<Payload?> FindResultAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>The owner of an operation that is gone and still remembered.</summary>
    ValueTask<string?> FindTombstoneAsync(OperationKey key, DateTimeOffset now, CancellationToken cancellationToken);

    ValueTask<(IReadOnlyList<HistoryEvent> Events, IReadOnlyList<OperationContact> Contacts)> ReadHistoryAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    ValueTask<IReadOnlyList<Operation>> ListAsync(OperationFilter filter, long beforeSequence, int most, CancellationToken cancellationToken);

    /// <summary>
    /// What a reader that knows nothing should see first: all that is unfinished, and what ended after <paramref name="endedAfter"/>
    /// (the newest 10,000 of it). In the order of last changes, from behind <paramref name="after"/>.
    /// </summary>
    ValueTask<IReadOnlyList<RecentOperation>> ListRecentAsync(OperationFilter filter, DateTimeOffset? endedAfter, RecentOperation after, CancellationToken cancellationToken);

    /// <summary>Those of them that are still there, in any order.</summary>
    ValueTask<IReadOnlyList<Operation>> FindManyAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken);

    /// <summary>What of one type and owner waits for a worker and is due at or before <paramref name="until"/>: earliest due first, from behind <paramref name="after"/>.</summary>
    ValueTask<IReadOnlyList<WaitingOperation>> ListWaitingAsync(string type, string owner, DateTimeOffset until, WaitingOperation after, int most, CancellationToken cancellationToken);

    /// <summary>Of what types and owners something waits that is due at or before <paramref name="until"/>, whether this server knows the types or not.</summary>
    ValueTask<IReadOnlyList<WaitingOwner>> ListWaitingOwnersAsync(DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>How much has not ended, by type and state. Costs as much as there is of it, however much has ended.</summary>
    ValueTask<IReadOnlyList<UnfinishedOperations>> CountUnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>How many operations of each owner wait, due or not.</summary>
    ValueTask<IReadOnlyList<(string Owner, int Count)>> CountWaitingAsync(CancellationToken cancellationToken);

    /// <summary>What is held by an attempt whose lease lapsed before <paramref name="until"/>.</summary>
    ValueTask<IReadOnlyList<OperationKey>> ListLapsedAsync(DateTimeOffset until, int most, CancellationToken cancellationToken);
}

/// <summary>What became of a submission: a new operation, or the one that was there.</summary>
/// <param name="Operation">The operation as it is in the store.</param>
/// <param name="IsNew">False when the key or the idempotency key was taken, and when it was refused.</param>
/// <param name="Refusal">Why nothing was accepted; null when it was, or had been before.</param>
internal readonly record struct AcceptResult(Operation Operation, bool IsNew, AcceptRefusal? Refusal = null);

/// <summary>Why a submission is not accepted.</summary>
internal enum AcceptRefusal
{
    /// <summary>It names another owner's mailbox.</summary>
    MailboxTaken,

    /// <summary>It names a mailbox that holds as much as it may.</summary>
    MailboxFull,

    /// <summary>An operation with this key has expired or was deleted lately.</summary>
    Gone,
}

/// <summary>An operation that an engine should start.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Owner">Whose it is: owners take turns.</param>
/// <param name="Sequence">Its place in the order of acceptance.</param>
/// <param name="DueAt">Not before.</param>
internal readonly record struct WaitingOperation(OperationKey Key, string Owner, long Sequence, DateTimeOffset DueAt)
{
    public static WaitingOperation Of(Operation operation) => new(operation.Key, operation.Owner, operation.Sequence, operation.DueAt);
}

/// <summary>Somebody who has something waiting.</summary>
/// <param name="Type">Operations of this type.</param>
/// <param name="Owner">Whose they are.</param>
internal readonly record struct WaitingOwner(string Type, string Owner);

/// <summary>What is in the same state, of the same type.</summary>
/// <param name="Type">The operation type, whether this server knows it or not.</param>
/// <param name="State">One that is not final.</param>
/// <param name="Count">How many.</param>
/// <param name="OldestDueAt">When the first of them was, or will be, due.</param>
internal sealed record UnfinishedOperations(string Type, OperationState State, long Count, DateTimeOffset OldestDueAt);

/// <summary>An operation's place among the last changes.</summary>
/// <param name="UpdatedAt">When it last changed, as far as the store knows.</param>
/// <param name="Sequence">Its place in the order of acceptance.</param>
internal readonly record struct RecentOperation(DateTimeOffset UpdatedAt, long Sequence);

/// <summary>Which operations a list shows.</summary>
internal sealed record OperationFilter
{
    /// <summary>Null shows everybody's.</summary>
    public string? Owner { get; init; }

    public string? Type { get; init; }

    /// <summary>The types that there are for who asks; null for all.</summary>
    public IReadOnlySet<string>? Types { get; init; }

    public IReadOnlyList<OperationState> States { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    public DateTimeOffset? CreatedAfter { get; init; }

    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Whether the operation is one of them.</summary>
    public bool Matches(Operation operation) =>
        (States.Count == 0 || States.Contains(operation.State))
        && (Owner is null || operation.Owner == Owner)
        && (Type is null || operation.Key.Type == Type)
        && (Types is null || Types.Contains(operation.Key.Type))
        && (CreatedAfter is null || operation.CreatedAt > CreatedAfter)
        && (CreatedBefore is null || operation.CreatedAt < CreatedBefore)
        && Tags.All(tag => operation.Tags.TryGetValue(tag.Key, out string? value) && value == tag.Value);
}
