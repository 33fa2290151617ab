using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>The embedded store. Writes go through the batcher, reads beside it.</summary>
internal sealed class SqliteOperationStore(
    WriteBatcher<SqliteWriteSession> writer, SqliteReader reader, PayloadFiles files, DeliverySignal signal, IOptions<RealtimeOpsOptions> options) : IOperationStore
{
    private readonly int _mailboxCapacity = options.Value.Mailboxes.Capacity;

    public bool IsShared => false;

    public string? Trouble => writer.LastFailure;

    public ValueTask<AcceptResult> AcceptAsync(Operation operation, Payload input) => writer.WriteAsync(session => session.Accept(operation, input, _mailboxCapacity));

    public ValueTask<bool> UpdateAsync(Operation next, IReadOnlyList<HistoryEvent> history, Payload? result = null) =>
        next.IsTheEnd ? EndAsync(next, history, result) : writer.WriteAsync(session => session.Update(next, history, result));

    public ValueTask<Operation?> ResubmitAsync(Operation successor, Operation predecessor, IReadOnlyList<HistoryEvent> history) =>
        writer.WriteAsync(session => session.Resubmit(successor, predecessor, history));

    public async ValueTask RecordContactsAsync(IReadOnlyList<(long Sequence, OperationContact Contact)> contacts) =>
        await writer.WriteAsync(session =>
        {
            foreach ((long sequence, OperationContact contact) in contacts)
            {
                session.RecordContact(sequence, contact);
            }

            return true;
        });

    public async ValueTask<IReadOnlyList<Operation>> RemoveExpiredAsync(DateTimeOffset now, int most)
    {
        (List<Operation> removed, List<string> unnamed) = await writer.WriteAsync(session => session.RemoveExpired(now, most));
        unnamed.ForEach(files.Remove);
        return removed;
    }

    public ValueTask<Operation?> FindAsync(OperationKey key, CancellationToken cancellationToken) =>
        First(SqliteQueries.Find, OperationRow.Read, key.Type, key.Id);

    public ValueTask<Payload?> FindInputAsync(long sequence, CancellationToken cancellationToken) =>
        First(SqliteQueries.FindInput, PayloadRow.Read, sequence);

    public ValueTask<Payload?> FindResultAsync(long sequence, CancellationToken cancellationToken) =>
        First(SqliteQueries.FindResult, PayloadRow.Read, sequence);

    public ValueTask<string?> FindTombstoneAsync(OperationKey key, DateTimeOffset now, CancellationToken cancellationToken) =>
        First(SqliteQueries.FindTombstone, row => row.Text(0), key.Type, key.Id, OperationRow.Ms(now));

    public ValueTask<(IReadOnlyList<HistoryEvent> Events, IReadOnlyList<OperationContact> Contacts)> ReadHistoryAsync(long sequence, CancellationToken cancellationToken)
    {
        List<HistoryEvent> events = reader.Query(
            SqliteQueries.History,
            row => new HistoryEvent(
                OperationRow.Instant(row.Number(0)), row.Text(1), (int?)row.NumberOrNull(2), row.TextOrNull(3)),
            sequence);
        List<OperationContact> contacts = reader.Query(
            SqliteQueries.Contacts,
            row => new OperationContact(row.Text(0), OperationRow.Instant(row.Number(1)), OperationRow.Instant(row.Number(2)), row.Number(3)),
            sequence);
        return ValueTask.FromResult<(IReadOnlyList<HistoryEvent>, IReadOnlyList<OperationContact>)>((events, contacts));
    }

    public ValueTask<IReadOnlyList<Operation>> ListAsync(OperationFilter filter, long beforeSequence, int most, CancellationToken cancellationToken)
    {
        (string sql, object?[] values) = SqliteQueries.List(filter, beforeSequence, most);
        return ValueTask.FromResult<IReadOnlyList<Operation>>(reader.Query(sql, OperationRow.Read, values));
    }

    public ValueTask<IReadOnlyList<RecentOperation>> ListRecentAsync(OperationFilter filter, DateTimeOffset? endedAfter, RecentOperation after, CancellationToken cancellationToken)
    {
        (string sql, object?[] values) = SqliteQueries.Recent(filter, endedAfter, after);
        return ValueTask.FromResult<IReadOnlyList<RecentOperation>>(reader.Query(sql, row => new RecentOperation(OperationRow.Instant(row.Number(0)), row.Number(1)), values));
    }

    public ValueTask<IReadOnlyList<Operation>> FindManyAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Operation>>(reader.Query(SqliteQueries.FindMany, OperationRow.Read, $"[{string.Join(',', sequences)}]"));

    public ValueTask<IReadOnlyList<WaitingOperation>> ListWaitingAsync(string type, DateTimeOffset until, WaitingOperation after, int most, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<WaitingOperation>>(reader.Query(
            SqliteQueries.Waiting,
            row => new WaitingOperation(new OperationKey(type, row.Text(0)), row.Number(1), OperationRow.Instant(row.Number(2))),
            type, OperationRow.Ms(until), OperationRow.Ms(after.DueAt), after.Sequence, most));

    public ValueTask<IReadOnlyList<string>> ListWaitingTypesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<string>>(reader.Query(SqliteQueries.WaitingTypes, row => row.Text(0)));

    public ValueTask<IReadOnlyList<OperationKey>> ListLapsedAsync(DateTimeOffset until, int most, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<OperationKey>>(reader.Query(
            SqliteQueries.Lapsed, row => new OperationKey(row.Text(0), row.Text(1)), OperationRow.Ms(until), most));

    /// <summary>The end and the messages that tell of it are one transaction.</summary>
    private async ValueTask<bool> EndAsync(Operation ended, IReadOnlyList<HistoryEvent> history, Payload? result)
    {
        IReadOnlyList<string> lanes = [];
        bool isEnded = await writer.WriteAsync(session =>
        {
            bool isUpdated = session.Update(ended, history, result);
            lanes = isUpdated ? session.Deliveries.RecordEnd(ended) : [];
            return isUpdated;
        });
        foreach (string lane in lanes)
        {
            signal.Raise(lane, DateTimeOffset.MinValue);
        }

        return isEnded;
    }

    private ValueTask<T?> First<T>(string sql, Func<Row, T> read, params ReadOnlySpan<object?> values)
        where T : class => ValueTask.FromResult(reader.Query(sql, read, values).FirstOrDefault());
}
