using RealtimeOps.Operations;

namespace RealtimeOps.UnitTests.Support;

/// <summary>The store's contract in memory: what was written survives the feed that wrote it, as it would a process.</summary>
internal sealed class MemoryOperationStore : IOperationStore
{
    private readonly Dictionary<OperationKey, Operation> _operations = [];
    private readonly Dictionary<long, List<HistoryEvent>> _history = [];

    private Action? _meanwhile;

    public bool IsShared { get; init; }

    public int Reads { get; private set; }

    public string? Trouble => IsFull ? "full" : null;

    public int Probes { get; private set; }

    /// <summary>What a probe waits for.</summary>
    public Task? Answer { get; set; }

    /// <summary>The next writes fail as they do with a full disk.</summary>
    public bool IsFull { get; set; }

    /// <summary>Why what waits cannot be listed.</summary>
    public Exception? ListFailure { get; set; }

    /// <summary>No operation can be read.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>Happens in the place of the next answer to a write that was made.</summary>
    public Action? LostAnswer { get; set; }

    public int Ends { get; private set; }

    /// <summary>Happens between the next reading of an operation and the use of what was read.</summary>
    public void Meanwhile(Action happens) => _meanwhile = happens;

    /// <summary>Writes of contacts take until this has ended.</summary>
    public Task ContactWrites { get; set; } = Task.CompletedTask;

    public List<OperationContact> Contacts { get; } = [];

    public IEnumerable<Operation> All => _operations.Values;

    public Operation this[OperationKey key] => _operations[key];

    public IReadOnlyList<HistoryEvent> History(OperationKey key) => _history[_operations[key].Sequence];

    public ValueTask ProbeAsync(DateTimeOffset now)
    {
        Probes++;
        return IsFull ? ValueTask.FromException(new StoreUnavailableException("full")) : Answer is { } answer ? new ValueTask(answer) : ValueTask.CompletedTask;
    }

    public ValueTask<AcceptResult> AcceptAsync(Operation operation, Payload input)
    {
        Operation stored = operation with { Sequence = _operations.Count + 1 };
        _operations.Add(stored.Key, stored);
        _history.Add(stored.Sequence, []);
        return ValueTask.FromResult(new AcceptResult(stored, IsNew: true));
    }

    public ValueTask<bool> UpdateAsync(Operation next, IReadOnlyList<HistoryEvent> history, Payload? result = null)
    {
        if (IsFull)
        {
            throw new StoreUnavailableException("full");
        }

        Operation present = _operations[next.Key];
        if (present.Revision != next.Revision - 1)
        {
            return ValueTask.FromResult(false);
        }

        Ends += !present.State.IsFinal() && next.State.IsFinal() ? 1 : 0;
        _operations[next.Key] = next;
        _history[next.Sequence].AddRange(history);
        if (LostAnswer is { } lost)
        {
            LostAnswer = null;
            lost();
            throw new StoreUnavailableException("lost") { IsOutcomeUnknown = true };
        }

        return ValueTask.FromResult(true);
    }

    public ValueTask<Operation?> FindAsync(OperationKey key, CancellationToken cancellationToken)
    {
        if (IsUnreadable)
        {
            return ValueTask.FromException<Operation?>(new StoreUnavailableException("unreadable"));
        }

        Reads++;
        Operation? found = _operations.GetValueOrDefault(key);
        Action? meanwhile = Interlocked.Exchange(ref _meanwhile, null);
        meanwhile?.Invoke();
        return ValueTask.FromResult(found);
    }

    public ValueTask<Operation?> ResubmitAsync(Operation successor, Operation predecessor, IReadOnlyList<HistoryEvent> history) => throw new NotSupportedException();

    public async ValueTask RecordContactsAsync(IReadOnlyList<(long Sequence, OperationContact Contact)> contacts)
    {
        await ContactWrites;
        Contacts.AddRange(contacts.Select(each => each.Contact));
    }

    public ValueTask<IReadOnlyList<RecentOperation>> ListRecentAsync(OperationFilter filter, DateTimeOffset? endedAfter, RecentOperation after, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<RecentOperation>>(_operations.Values
            .Where(operation => !operation.State.IsFinal() || operation.EndedAt > endedAfter)
            .Where(operation => (operation.UpdatedAt, operation.Sequence).CompareTo((after.UpdatedAt, after.Sequence)) > 0)
            .Where(filter.Matches)
            .OrderBy(operation => operation.UpdatedAt).ThenBy(operation => operation.Sequence)
            .Select(operation => new RecentOperation(operation.UpdatedAt, operation.Sequence)).ToArray());

    public ValueTask<IReadOnlyList<Operation>> FindManyAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Operation>>(_operations.Values.Where(operation => sequences.Contains(operation.Sequence)).ToArray());

    public ValueTask<IReadOnlyList<Operation>> RemoveExpiredAsync(DateTimeOffset now, int most)
    {
        Operation[] expired = _operations.Values.Where(operation => operation.IsExpired(now)).Take(most).ToArray();
        Array.ForEach(expired, operation => _operations.Remove(operation.Key));
        return ValueTask.FromResult<IReadOnlyList<Operation>>(expired);
    }

    public ValueTask<Operation?> FindByIdempotencyKeyAsync(string owner, string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<(string Owner, int Count)>> CountWaitingAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<Payload?> FindInputAsync(long sequence, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<Payload?> FindResultAsync(long sequence, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<string?> FindTombstoneAsync(OperationKey key, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<(IReadOnlyList<HistoryEvent> Events, IReadOnlyList<OperationContact> Contacts)> ReadHistoryAsync(long sequence, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Operation>> ListAsync(OperationFilter filter, long beforeSequence, int most, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<WaitingOperation>> ListWaitingAsync(string type, string owner, DateTimeOffset until, WaitingOperation after, int most, CancellationToken cancellationToken) =>
        ListFailure is { } failure ? throw failure : ValueTask.FromResult<IReadOnlyList<WaitingOperation>>(_operations.Values
            .Where(operation => operation.State.IsWaiting() && operation.Key.Type == type && operation.Owner == owner && operation.DueAt <= until)
            .Where(operation => (operation.DueAt, operation.Sequence).CompareTo((after.DueAt, after.Sequence)) > 0)
            .OrderBy(operation => operation.DueAt).ThenBy(operation => operation.Sequence).Take(most)
            .Select(operation => WaitingOperation.Of(operation)).ToArray());

    public ValueTask<IReadOnlyList<WaitingOwner>> ListWaitingOwnersAsync(DateTimeOffset until, CancellationToken cancellationToken) =>
        IsUnreadable ? ValueTask.FromException<IReadOnlyList<WaitingOwner>>(new StoreUnavailableException("unreadable")) : ValueTask.FromResult<IReadOnlyList<WaitingOwner>>(_operations.Values
            .Where(operation => operation.State.IsWaiting() && operation.DueAt <= until).Select(operation => new WaitingOwner(operation.Key.Type, operation.Owner)).Distinct().ToArray());

    public ValueTask<IReadOnlyList<UnfinishedOperations>> CountUnfinishedAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<OperationKey>> ListLapsedAsync(DateTimeOffset until, int most, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<OperationKey>>(_operations.Values
            .Where(operation => operation.State.IsHeld() && operation.LeaseUntil <= until).Take(most).Select(operation => operation.Key).ToArray());
}
