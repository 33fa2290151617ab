using Microsoft.Data.Sqlite;
using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

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
        _sequence = Statement("SELECT coalesce(max(sequence), 0) FROM operations").Query(row => row.Number(0))[0];
        Subscriptions = new SubscriptionTable(Statement);
        Deliveries = new DeliveryTable(Statement, Subscriptions);
        Mailboxes = new MailboxTable(Statement, Deliveries, Subscriptions);
    }

    public SubscriptionTable Subscriptions { get; }

    public DeliveryTable Deliveries { get; }

    public MailboxTable Mailboxes { get; }

    public void Begin() => Statement("BEGIN IMMEDIATE").Execute();

    public void Commit() => Statement("COMMIT").Execute();

    public AcceptResult Accept(Operation operation, Payload input, int mailboxCapacity)
    {
        if (WebhookTarget.MailboxOf(operation.Webhook) is { } mailbox && Mailboxes.Judge(mailbox, operation.Owner, mailboxCapacity) is { } refusal)
        {
            // What was accepted before may be repeated, however full the mailbox has become.
            return FindTaken(operation) is { } known ? new AcceptResult(known, IsNew: false) : new AcceptResult(operation, IsNew: false, refusal);
        }

        return Insert(operation, input);
    }

    public bool Update(Operation next, IReadOnlyList<HistoryEvent> history, Payload? result)
    {
        if (OperationRow.BindUpdate(Statement(OperationRow.Update), next).Execute() == 0)
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
        return Insert(successor, input).Operation;
    }

    public void RecordContact(long sequence, OperationContact contact) => Statement(
        """
        INSERT INTO contacts (operation, way, first_at, last_at, count)
        SELECT sequence, ?2, ?3, ?4, ?5 FROM operations WHERE sequence = ?1
        ON CONFLICT (operation, way) DO UPDATE SET last_at = excluded.last_at, count = contacts.count + excluded.count
        """).Bind(sequence).Bind(contact.Way).Bind(OperationRow.Ms(contact.FirstAt)).Bind(OperationRow.Ms(contact.LastAt)).Bind(contact.Count).Execute();

    /// <summary>Removes what expired and answers it, and the files that no row names any more.</summary>
    public (List<Operation> Removed, List<string> Files) RemoveExpired(DateTimeOffset now, int most)
    {
        List<Operation> expired = Statement($"SELECT {OperationRow.Columns} FROM operations WHERE state >= 4 AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2")
            .Bind(OperationRow.Ms(now)).Bind(most).Query(OperationRow.Read);
        var files = new List<string>();
        foreach (Operation operation in expired)
        {
            files.AddRange(FilesOf("inputs", operation.Sequence));
            files.AddRange(FilesOf("results", operation.Sequence));
            Remove(operation);
            Bury(operation, now);
        }

        Statement("DELETE FROM tombstones WHERE until <= ?1").Bind(OperationRow.Ms(now)).Execute();
        return (expired, files.FindAll(file => !IsNamed(file)));
    }

    public void Dispose()
    {
        foreach (Statement statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private AcceptResult Insert(Operation operation, Payload input)
    {
        operation = operation with { Sequence = _sequence + 1 };
        if (OperationRow.BindInsert(Statement(OperationRow.Insert), operation).Execute() == 0)
        {
            return new AcceptResult(FindTaken(operation)!, IsNew: false);
        }

        _sequence = operation.Sequence;
        InsertPayload("inputs", operation.Sequence, input);
        foreach ((string name, string value) in operation.Tags)
        {
            Statement("INSERT INTO operation_tags (name, value, operation) VALUES (?1, ?2, ?3)").Bind(name).Bind(value).Bind(operation.Sequence).Execute();
        }

        if (WebhookTarget.MailboxOf(operation.Webhook) is { } mailbox)
        {
            Mailboxes.Claim(mailbox, operation.Owner);
        }

        AddHistory(operation, [new HistoryEvent(operation.CreatedAt, HistoryEvent.Accepted)]);
        return new AcceptResult(operation, IsNew: true);
    }

    private void Remove(Operation operation)
    {
        foreach ((string name, string value) in operation.Tags)
        {
            Statement("DELETE FROM operation_tags WHERE name = ?1 AND value = ?2 AND operation = ?3").Bind(name).Bind(value).Bind(operation.Sequence).Execute();
        }

        Statement("DELETE FROM inputs WHERE operation = ?1").Bind(operation.Sequence).Execute();
        Statement("DELETE FROM results WHERE operation = ?1").Bind(operation.Sequence).Execute();
        Statement("DELETE FROM history WHERE operation = ?1").Bind(operation.Sequence).Execute();
        Statement("DELETE FROM contacts WHERE operation = ?1").Bind(operation.Sequence).Execute();
        Statement("DELETE FROM operations WHERE sequence = ?1").Bind(operation.Sequence).Execute();
    }

    /// <summary>Remembered for as long again as it lived, at least an hour, a week at most.</summary>
    private void Bury(Operation operation, DateTimeOffset now)
    {
        TimeSpan remembered = TimeSpan.FromTicks(Math.Clamp((now - operation.CreatedAt).Ticks, TimeSpan.TicksPerHour, 7 * TimeSpan.TicksPerDay));
        Statement("INSERT OR REPLACE INTO tombstones (type, id, owner, until) VALUES (?1, ?2, ?3, ?4)")
            .Bind(operation.Key.Type).Bind(operation.Key.Id).Bind(operation.Owner).Bind(OperationRow.Ms(now + remembered)).Execute();
    }

    private Operation? FindTaken(Operation operation) =>
        Statement($"SELECT {OperationRow.Columns} FROM operations WHERE type = ?1 AND id = ?2").Bind(operation.Key.Type).Bind(operation.Key.Id).Query(OperationRow.Read).FirstOrDefault()
        ?? Statement($"SELECT {OperationRow.Columns} FROM operations WHERE owner = ?1 AND idempotency_key = ?2").Bind(operation.Owner).Bind(operation.IdempotencyKey).Query(OperationRow.Read).FirstOrDefault();

    private void AddHistory(Operation operation, IReadOnlyList<HistoryEvent> history)
    {
        for (int i = 0; i < history.Count; i++)
        {
            HistoryEvent happened = history[i];
            Statement("INSERT INTO history (operation, number, at, event, attempt, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                .Bind(operation.Sequence).Bind((operation.Revision * EventsPerRevision) + i).Bind(OperationRow.Ms(happened.At)).Bind(happened.Event).Bind(happened.Attempt).Bind(happened.Detail).Execute();
        }
    }

    private void InsertPayload(string table, long sequence, Payload payload) =>
        Statement($"INSERT INTO {table} (operation, media_type, length, data, file, sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .Bind(sequence).Bind(payload.MediaType).Bind(payload.Length).Bind(payload.Data).Bind(payload.File).Bind(payload.Sha256).Execute();

    private Payload? FindPayload(string table, long sequence) =>
        Statement(PayloadRow.Select(table)).Bind(sequence).Query(PayloadRow.Read).FirstOrDefault();

    private IEnumerable<string> FilesOf(string table, long sequence) =>
        FindPayload(table, sequence)?.File is { } file ? [file] : [];

    private bool IsNamed(string file) =>
        Statement("SELECT 1 FROM inputs WHERE file = ?1 UNION ALL SELECT 1 FROM results WHERE file = ?1 LIMIT 1").Bind(file).Query(row => row.Number(0)).Count > 0;

    private Statement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out Statement? statement))
        {
            _statements.Add(sql, statement = new Statement(_connection, sql));
        }

        return statement;
    }
}
