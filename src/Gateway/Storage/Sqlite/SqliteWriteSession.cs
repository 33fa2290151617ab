using Microsoft.Data.Sqlite;
using RealtimeOps.Operations;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>The one connection that writes, with its prepared statements. Used by the batcher's thread only.</summary>
internal sealed class SqliteWriteSession : IWriteSession
{
    /// <summary>History is numbered by revision, so that events sort as they happened whatever the clock says.</summary>
    private const int EventsPerRevision = 16;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = [];
    private long _sequence;

    public SqliteWriteSession(SqliteDatabase database)
    {
        _connection = database.OpenWriter();
        _sequence = Statement("SELECT coalesce(max(sequence), 0) FROM operations", 0).Query(row => row.GetInt64(0))[0];
    }

    public void Begin() => Statement("BEGIN IMMEDIATE", 0).Execute();

    public void Commit() => Statement("COMMIT", 0).Execute();

    public AcceptResult Accept(Operation operation, Payload input)
    {
        operation = operation with { Sequence = _sequence + 1 };
        if (Statement(OperationRow.Insert, OperationRow.Count).Execute(OperationRow.InsertValues(operation)) == 0)
        {
            return new AcceptResult(FindTaken(operation), IsNew: false);
        }

        _sequence = operation.Sequence;
        InsertPayload("inputs", operation.Sequence, input);
        foreach ((string name, string value) in operation.Tags)
        {
            Statement("INSERT INTO operation_tags (name, value, operation) VALUES (?1, ?2, ?3)", 3).Execute(name, value, operation.Sequence);
        }

        AddHistory(operation, [new HistoryEvent(operation.CreatedAt, HistoryEvent.Accepted)]);
        return new AcceptResult(operation, IsNew: true);
    }

    public bool Update(Operation next, IReadOnlyList<HistoryEvent> history, Payload? result)
    {
        if (Statement(OperationRow.Update, OperationRow.UpdateParameters).Execute(OperationRow.UpdateValues(next)) == 0)
        {
            return false;
        }

        if (result is not null)
        {
            InsertPayload("results", next.Sequence, result);
        }

        AddHistory(next, history);
        return true;
    }

    public Operation? Resubmit(Operation successor, Operation predecessor, IReadOnlyList<HistoryEvent> history)
    {
        if (!Update(predecessor, history, result: null))
        {
            return null;
        }

        Payload input = FindPayload("inputs", predecessor.Sequence)
            ?? throw new InvalidOperationException($"The input of {predecessor.Key} is missing.");
        return Accept(successor, input).Operation;
    }

    public void RecordContact(long sequence, OperationContact contact) => Statement(
        """
        INSERT INTO contacts (operation, way, first_at, last_at, count)
        SELECT sequence, ?2, ?3, ?4, ?5 FROM operations WHERE sequence = ?1
        ON CONFLICT (operation, way) DO UPDATE SET last_at = excluded.last_at, count = contacts.count + excluded.count
        """, 5).Execute(sequence, contact.Way, OperationRow.Ms(contact.FirstAt), OperationRow.Ms(contact.LastAt), contact.Count);

    /// <summary>Removes what expired and answers the keys, and the files that no row names any more.</summary>
    public (List<OperationKey> Keys, List<string> Files) RemoveExpired(DateTimeOffset now, int most)
    {
        List<Operation> expired = Statement($"SELECT {OperationRow.Columns} FROM operations WHERE state >= 4 AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2", 2)
            .Query(OperationRow.Read, OperationRow.Ms(now), most);
        var files = new List<string>();
        foreach (Operation operation in expired)
        {
            files.AddRange(FilesOf("inputs", operation.Sequence));
            files.AddRange(FilesOf("results", operation.Sequence));
            Remove(operation);
            Bury(operation, now);
        }

        Statement("DELETE FROM tombstones WHERE until <= ?1", 1).Execute(OperationRow.Ms(now));
        return (expired.ConvertAll(operation => operation.Key), files.FindAll(file => !IsNamed(file)));
    }

    public void Dispose()
    {
        foreach (Statement statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private void Remove(Operation operation)
    {
        foreach ((string name, string value) in operation.Tags)
        {
            Statement("DELETE FROM operation_tags WHERE name = ?1 AND value = ?2 AND operation = ?3", 3).Execute(name, value, operation.Sequence);
        }

        Statement("DELETE FROM inputs WHERE operation = ?1", 1).Execute(operation.Sequence);
        Statement("DELETE FROM results WHERE operation = ?1", 1).Execute(operation.Sequence);
        Statement("DELETE FROM history WHERE operation = ?1", 1).Execute(operation.Sequence);
        Statement("DELETE FROM contacts WHERE operation = ?1", 1).Execute(operation.Sequence);
        Statement("DELETE FROM operations WHERE sequence = ?1", 1).Execute(operation.Sequence);
    }

    /// <summary>Remembered for as long again as it lived, at least an hour, a week at most.</summary>
    private void Bury(Operation operation, DateTimeOffset now)
    {
        TimeSpan remembered = TimeSpan.FromTicks(Math.Clamp((now - operation.CreatedAt).Ticks, TimeSpan.TicksPerHour, 7 * TimeSpan.TicksPerDay));
        Statement("INSERT OR REPLACE INTO tombstones (type, id, owner, until) VALUES (?1, ?2, ?3, ?4)", 4)
            .Execute(operation.Key.Type, operation.Key.Id, operation.Owner, OperationRow.Ms(now + remembered));
    }

    private Operation FindTaken(Operation operation) =>
        Statement($"SELECT {OperationRow.Columns} FROM operations WHERE type = ?1 AND id = ?2", 2).Query(OperationRow.Read, operation.Key.Type, operation.Key.Id).FirstOrDefault()
        ?? Statement($"SELECT {OperationRow.Columns} FROM operations WHERE owner = ?1 AND idempotency_key = ?2", 2).Query(OperationRow.Read, operation.Owner, operation.IdempotencyKey)[0];

    private void AddHistory(Operation operation, IReadOnlyList<HistoryEvent> history)
    {
        for (int i = 0; i < history.Count; i++)
        {
            HistoryEvent happened = history[i];
            Statement("INSERT INTO history (operation, number, at, event, attempt, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", 6)
                .Execute(operation.Sequence, (operation.Revision * EventsPerRevision) + i, OperationRow.Ms(happened.At), happened.Event, happened.Attempt, happened.Detail);
        }
    }

    private void InsertPayload(string table, long sequence, Payload payload) =>
        Statement($"INSERT INTO {table} (operation, media_type, length, data, file, sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", 6)
            .Execute(sequence, payload.MediaType, payload.Length, payload.Data, payload.File, payload.Sha256);

    private Payload? FindPayload(string table, long sequence) =>
        Statement(PayloadRow.Select(table), 1).Query(PayloadRow.Read, sequence).FirstOrDefault();

    private IEnumerable<string> FilesOf(string table, long sequence) =>
        FindPayload(table, sequence)?.File is { } file ? [file] : [];

    private bool IsNamed(string file) =>
        Statement("SELECT 1 FROM inputs WHERE file = ?1 UNION ALL SELECT 1 FROM results WHERE file = ?1 LIMIT 1", 1).Query(row => row.GetInt32(0), file).Count > 0;

    private Statement Statement(string sql, int parameters)
    {
        if (!_statements.TryGetValue(sql, out Statement? statement))
        {
            _statements.Add(sql, statement = new Statement(_connection, sql, parameters));
        }

        return statement;
    }
}
