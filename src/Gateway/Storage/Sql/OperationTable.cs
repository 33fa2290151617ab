using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sql;

/// <summary>Operations with their payloads, history and contacts, within the writing session.</summary>
internal sealed class OperationTable(SqlSession session, MailboxTable mailboxes)
{
    /// <summary>History is numbered by revision, so that events sort as they happened whatever the clock says.</summary>
    private const int EventsPerRevision = 16;

    /// <summary>A row of its own for each server, so that none waits for another.</summary>
    private static readonly string ProbeId = "probe-" + Guid.NewGuid().ToString("n");

    private readonly string _insert = OperationRow.Insert(session.Dialect);
    private readonly string _bury = session.Dialect.Put("tombstones", ["type", "id", "owner", "until"], ["type", "id"]);

    public void Accept(Operation operation, Payload input, int mailboxCapacity, Action<AcceptResult> answer)
    {
        string? mailbox = WebhookTarget.MailboxOf(operation.Webhook);
        if (mailbox is not null && session.Dialect.IsShared && mailboxes.IsNobodys(mailbox) && FindTaken(operation) is null)
        {
            // Before it is judged, or two servers could give the name to two owners.
            mailboxes.Claim(mailbox, operation.Owner);
        }

        if (mailbox is not null && mailboxes.Judge(mailbox, operation.Owner, mailboxCapacity) is { } refusal)
        {
            // What was accepted before may be repeated, however full the mailbox has become.
            answer(FindTaken(operation) is { } known ? new AcceptResult(known, IsNew: false) : new AcceptResult(operation, IsNew: false, refusal));
            return;
        }

        Insert(operation, input, answer);
    }

    /// <summary>A tombstone of no operation: no type has an empty name, and the next sweep clears it away.</summary>
    public void Probe(DateTimeOffset now) => session.Statement(_bury).Bind("").Bind(ProbeId).Bind("").Bind(OperationRow.Ms(now)).Post();

    public void Update(Operation next, IReadOnlyList<HistoryEvent> history, Payload? result, Action<bool> answer) =>
        OperationRow.BindUpdate(session.Statement(OperationRow.Update), next).Post(rows =>
        {
            if (rows > 0)
            {
                if (result is not null)
                {
                    PayloadRow.BindResult(session.Statement(PayloadRow.InsertResult), next.Sequence, result).Post();
                    KeepFile(result);
                }

                AddHistory(next, history);
            }

            answer(rows > 0);
        });

    public Operation? Resubmit(Operation successor, Operation predecessor, IReadOnlyList<HistoryEvent> history)
    {
        bool isLinked = false;
        Update(predecessor, history, result: null, isUpdated => isLinked = isUpdated);
        session.Flush();
        if (!isLinked)
        {
            return null;
        }

        Payload input = session.Statement(PayloadRow.SelectInput).Bind(predecessor.Sequence).Query(PayloadRow.Read).FirstOrDefault()
            ?? throw new InvalidOperationException($"The input of {predecessor.Key} is missing.");
        Operation? accepted = null;
        Insert(successor, input, result => accepted = result.Operation);
        session.Flush();
        return accepted;
    }

    public void RecordContact(long sequence, OperationContact contact) => session.Statement(session.Dialect.AddContact)
        .Bind(sequence).Bind(contact.Way).Bind(OperationRow.Ms(contact.FirstAt)).Bind(OperationRow.Ms(contact.LastAt)).Bind(contact.Count).Post();

    /// <summary>Removes what expired and answers it, and the payloads that no row names any more. What another server changes or removes meanwhile is left to the next time.</summary>
    public (List<Operation> Removed, List<string> Payloads) RemoveExpired(DateTimeOffset now, int most)
    {
        session.Statement("DELETE FROM tombstones WHERE until <= ?1").Bind(OperationRow.Ms(now)).Post();
        List<Operation> expired = session.Statement($"SELECT {OperationRow.Columns} FROM operations WHERE state >= 4 AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2")
            .Bind(OperationRow.Ms(now)).Bind(most).Query(OperationRow.Read);
        if (expired.Count == 0)
        {
            return (expired, []);
        }

        var removed = new List<Operation>(expired.Count);
        List<(long Operation, string Payload)> named = PayloadsOf(expired);
        if (session.Dialect.IsShared && named.Count > 0)
        {
            // One at a time, or two servers that remove the last two names of a payload would each think that the other's stays.
            session.Statement("UPDATE payload_removal SET removed_at = ?1").Bind(OperationRow.Ms(now)).Execute();
        }

        foreach (Operation operation in expired)
        {
            session.Statement("DELETE FROM operations WHERE sequence = ?1 AND revision = ?2").Bind(operation.Sequence).Bind(operation.Revision).Post(rows =>
            {
                if (rows > 0)
                {
                    removed.Add(operation);
                    RemoveRest(operation);
                    Bury(operation, now);
                }
            });
        }

        session.Flush();
        HashSet<long> gone = [.. removed.Select(operation => operation.Sequence)];
        List<string> unnamed = [.. named.Where(payload => gone.Contains(payload.Operation)).Select(payload => payload.Payload).Distinct().Where(payload => !IsNamed(payload))];
        if (session.Dialect.IsShared)
        {
            unnamed.ForEach(payload => session.Statement("INSERT INTO unnamed_payloads (payload, touched_at) VALUES (?1, 0)").Bind(payload).Post());
        }

        return (removed, unnamed);
    }

    private void Insert(Operation operation, Payload input, Action<AcceptResult> answer)
    {
        operation = operation with { Sequence = session.NextOperation() };
        OperationRow.BindInsert(session.Statement(_insert), operation).Post(rows =>
        {
            if (rows > 0)
            {
                AddRest(operation, input);
                answer(new AcceptResult(operation, IsNew: true));
            }
            else if (FindTaken(operation) is { } known)
            {
                answer(new AcceptResult(known, IsNew: false));
            }
            else if (IsBuried(operation))
            {
                answer(new AcceptResult(operation, IsNew: false, AcceptRefusal.Gone));
            }
            else
            {
                // Another server has removed it in this moment.
                Insert(operation, input, answer);
            }
        });
    }

    private void AddRest(Operation operation, Payload input)
    {
        PayloadRow.BindInput(session.Statement(PayloadRow.InsertInput), operation.Sequence, input).Post();
        KeepFile(input);
        foreach ((string name, string value) in operation.Tags)
        {
            session.Statement("INSERT INTO operation_tags (name, value, operation) VALUES (?1, ?2, ?3)").Bind(name).Bind(value).Bind(operation.Sequence).Post();
        }

        if (WebhookTarget.MailboxOf(operation.Webhook) is { } mailbox)
        {
            mailboxes.Claim(mailbox, operation.Owner);
        }

        AddHistory(operation, [new HistoryEvent(operation.CreatedAt, HistoryEvent.Accepted)]);
    }

    private void RemoveRest(Operation operation)
    {
        foreach ((string name, string value) in operation.Tags)
        {
            session.Statement("DELETE FROM operation_tags WHERE name = ?1 AND value = ?2 AND operation = ?3").Bind(name).Bind(value).Bind(operation.Sequence).Post();
        }

        session.Statement("DELETE FROM inputs WHERE operation = ?1").Bind(operation.Sequence).Post();
        session.Statement("DELETE FROM results WHERE operation = ?1").Bind(operation.Sequence).Post();
        session.Statement("DELETE FROM history WHERE operation = ?1").Bind(operation.Sequence).Post();
        session.Statement("DELETE FROM contacts WHERE operation = ?1").Bind(operation.Sequence).Post();
    }

    /// <summary>Remembered for as long again as it lived, at least an hour, a week at most.</summary>
    private void Bury(Operation operation, DateTimeOffset now)
    {
        TimeSpan remembered = TimeSpan.FromTicks(Math.Clamp((now - operation.CreatedAt).Ticks, TimeSpan.TicksPerHour, 7 * TimeSpan.TicksPerDay));
        session.Statement(_bury).Bind(operation.Key.Type).Bind(operation.Key.Id).Bind(operation.Owner).Bind(OperationRow.Ms(now + remembered)).Post();
    }

    private bool IsBuried(Operation operation) =>
        session.Statement(OperationQueries.FindTombstone).Bind(operation.Key.Type).Bind(operation.Key.Id).Bind(OperationRow.Ms(operation.CreatedAt)).Query(row => row.Text(0)).Count > 0;

    private Operation? FindTaken(Operation operation) =>
        session.Statement(OperationQueries.Find).Bind(operation.Key.Type).Bind(operation.Key.Id).Query(OperationRow.Read).FirstOrDefault()
        ?? session.Statement(OperationQueries.FindByIdempotencyKey).Bind(operation.Owner).Bind(operation.IdempotencyKey).Query(OperationRow.Read).FirstOrDefault();

    private void AddHistory(Operation operation, IReadOnlyList<HistoryEvent> history)
    {
        for (int i = 0; i < history.Count; i++)
        {
            HistoryEvent happened = history[i];
            session.Statement("INSERT INTO history (operation, number, at, event, attempt, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                .Bind(operation.Sequence).Bind((operation.Revision * EventsPerRevision) + i).Bind(OperationRow.Ms(happened.At)).Bind(happened.Event).Bind(happened.Attempt).Bind(happened.Detail).Post();
        }
    }

    private void KeepFile(Payload payload)
    {
        if (session.Dialect.IsShared && payload.File is { } file)
        {
            session.Statement("DELETE FROM unnamed_payloads WHERE payload = ?1").Bind(file).Post();
        }
    }

    private List<(long Operation, string Payload)> PayloadsOf(List<Operation> operations)
    {
        string numbers = session.Dialect.NumbersIn("?1");
        return session.Statement(
            $"""
            SELECT operation, "file" FROM inputs WHERE "file" IS NOT NULL AND operation IN ({numbers})
            UNION ALL SELECT operation, "file" FROM results WHERE "file" IS NOT NULL AND operation IN ({numbers})
            """).Bind($"[{string.Join(',', operations.Select(operation => operation.Sequence))}]").Query(row => (row.Number(0), row.Text(1)));
    }

    private bool IsNamed(string payload) => session.Statement(OperationQueries.IsNamed).Bind(payload).Query(row => row.Number(0)).Count > 0;
}
