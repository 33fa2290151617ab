using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sql;

/// <summary>Operations in any of the databases. Writes go through the batcher, reads beside it.</summary>
internal sealed class OperationStore(
    WriteBatcher<SqlSession> writer, StorageProvider storage, DeliverySignal signal, IOptions<RealtimeOpsOptions> options) : IOperationStore
{
    private readonly ISqlReader _reader = storage.Reader;
    private readonly string _findMany = OperationQueries.FindMany(storage.Dialect);
    private readonly int _mailboxCapacity = options.Value.Mailboxes.Capacity;

    public bool IsShared => storage.Dialect.IsShared;

    public string? Trouble => writer.LastFailure;

    public async ValueTask ProbeAsync(DateTimeOffset now) => await writer.WriteAsync(session => session.Operations.Probe(now));

    public async ValueTask<AcceptResult> AcceptAsync(Operation operation, Payload input)
    {
        AcceptResult accepted = default;
        await writer.WriteAsync(session => session.Operations.Accept(operation, input, _mailboxCapacity, answer => accepted = answer));
        return accepted;
    }

    public async ValueTask<bool> UpdateAsync(Operation next, IReadOnlyList<HistoryEvent> history, Payload? result = null)
    {
        bool isUpdated = false;
        IReadOnlyList<string> lanes = [];
        await writer.WriteAsync(session => session.Operations.Update(next, history, result, answer =>
        {
            // The end and the messages that tell of it are one transaction.
            isUpdated = answer;
            lanes = answer && next.IsTheEnd ? session.Deliveries.RecordEnd(next) : [];
        }));
        foreach (string lane in lanes)
        {
            signal.Raise(lane, DateTimeOffset.MinValue);
        }

        return isUpdated;
    }

    public ValueTask<Operation?> ResubmitAsync(Operation successor, Operation predecessor, IReadOnlyList<HistoryEvent> history) =>
        writer.WriteAsync(session => session.Operations.Resubmit(successor, predecessor, history));

    public async ValueTask RecordContactsAsync(IReadOnlyList<(long Sequence, OperationContact Contact)> contacts) =>
        await writer.WriteAsync(session =>
        {
            foreach ((long sequence, OperationContact contact) in contacts)
            {
                session.Operations.RecordContact(sequence, contact);
            }
        });

    public async ValueTask<IReadOnlyList<Operation>> RemoveExpiredAsync(DateTimeOffset now, int most)
    {
        (List<Operation> removed, List<string> unnamed) = await writer.WriteAsync(session => session.Operations.RemoveExpired(now, most));
        storage.Payloads.Remove(unnamed);
        return removed;
    }

    public ValueTask<Operation?> FindAsync(OperationKey key, CancellationToken cancellationToken) => FirstAsync(OperationQueries.Find, OperationRow.Read, cancellationToken, key.Type, key.Id);

    public ValueTask<Operation?> FindByIdempotencyKeyAsync(string owner, string key, CancellationToken cancellationToken) =>
        FirstAsync(OperationQueries.FindByIdempotencyKey, OperationRow.Read, cancellationToken, owner, key);

    public ValueTask<Payload?> FindInputAsync(long sequence, CancellationToken cancellationToken) => FirstAsync(OperationQueries.FindInput, PayloadRow.Read, cancellationToken, sequence);

    public ValueTask<Payload?> FindResultAsync(long sequence, CancellationToken cancellationToken) => FirstAsync(OperationQueries.FindResult, PayloadRow.Read, cancellationToken, sequence);

    public ValueTask<string?> FindTombstoneAsync(OperationKey key, DateTimeOffset now, CancellationToken cancellationToken) =>
        FirstAsync(OperationQueries.FindTombstone, row => row.Text(0), cancellationToken, key.Type, key.Id, OperationRow.Ms(now));

    public async ValueTask<(IReadOnlyList<HistoryEvent> Events, IReadOnlyList<OperationContact> Contacts)> ReadHistoryAsync(long sequence, CancellationToken cancellationToken) => (
        await _reader.QueryAsync(
            OperationQueries.History,
            row => new HistoryEvent(OperationRow.Instant(row.Number(0)), row.Text(1), (int?)row.NumberOrNull(2), row.TextOrNull(3)),
            cancellationToken, sequence),
        await _reader.QueryAsync(
            OperationQueries.Contacts,
            row => new OperationContact(row.Text(0), OperationRow.Instant(row.Number(1)), OperationRow.Instant(row.Number(2)), row.Number(3)),
            cancellationToken, sequence));

    public async ValueTask<IReadOnlyList<Operation>> ListAsync(OperationFilter filter, long beforeSequence, int most, CancellationToken cancellationToken)
    {
        (string sql, object[] values) = OperationQueries.List(filter, beforeSequence, most);
        return await _reader.QueryAsync(sql, OperationRow.Read, cancellationToken, values);
    }

    public async ValueTask<IReadOnlyList<RecentOperation>> ListRecentAsync(OperationFilter filter, DateTimeOffset? endedAfter, RecentOperation after, CancellationToken cancellationToken)
    {
        (string sql, object[] values) = OperationQueries.Recent(filter, endedAfter, after);
        return await _reader.QueryAsync(sql, row => new RecentOperation(OperationRow.Instant(row.Number(0)), row.Number(1)), cancellationToken, values);
    }

    public async ValueTask<IReadOnlyList<Operation>> FindManyAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken) =>
        await _reader.QueryAsync(_findMany, OperationRow.Read, cancellationToken, $"[{string.Join(',', sequences)}]");

    public async ValueTask<IReadOnlyList<WaitingOperation>> ListWaitingAsync(string type, string owner, DateTimeOffset until, WaitingOperation after, int most, CancellationToken cancellationToken) =>
        await _reader.QueryAsync(
            OperationQueries.Waiting,
            row => new WaitingOperation(new OperationKey(type, row.Text(0)), owner, row.Number(1), OperationRow.Instant(row.Number(2))),
            cancellationToken, type, owner, OperationRow.Ms(until), OperationRow.Ms(after.DueAt), after.Sequence, most);

    public async ValueTask<IReadOnlyList<WaitingOwner>> ListWaitingOwnersAsync(DateTimeOffset until, CancellationToken cancellationToken) =>
        await _reader.QueryAsync(storage.Dialect.WaitingOwners, row => new WaitingOwner(row.Text(0), row.Text(1)), cancellationToken, OperationRow.Ms(until));

    public async ValueTask<IReadOnlyList<UnfinishedOperations>> CountUnfinishedAsync(CancellationToken cancellationToken) =>
        await _reader.QueryAsync(
            OperationQueries.Unfinished,
            row => new UnfinishedOperations(row.Text(0), (OperationState)row.Number(1), row.Number(2), OperationRow.Instant(row.Number(3))),
            cancellationToken);

    public async ValueTask<IReadOnlyList<(string Owner, int Count)>> CountWaitingAsync(CancellationToken cancellationToken) =>
        await _reader.QueryAsync(OperationQueries.CountWaiting, row => (row.Text(0), (int)row.Number(1)), cancellationToken);

    public async ValueTask<IReadOnlyList<OperationKey>> ListLapsedAsync(DateTimeOffset until, int most, CancellationToken cancellationToken) =>
        await _reader.QueryAsync(OperationQueries.Lapsed, row => new OperationKey(row.Text(0), row.Text(1)), cancellationToken, OperationRow.Ms(until), most);

    private async ValueTask<T?> FirstAsync<T>(string sql, Func<Row, T> read, CancellationToken cancellationToken, params object[] values)
        where T : class => (await _reader.QueryAsync(sql, read, cancellationToken, values)).FirstOrDefault();
}
