using System.Text.Json;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>Mailboxes in the embedded store. That a message is given to one reader only is the doing of the one session that writes.</summary>
internal sealed class SqliteMailboxStore(WriteBatcher<SqliteWriteSession> writer, SqliteReader reader, MailboxSignal signal) : IMailboxStore
{
    private const string List =
        """
        SELECT number, name, (SELECT count(*) FROM deliveries WHERE lane = 'mailbox:' || mailboxes.name AND received_at IS NOT NULL)
        FROM mailboxes WHERE (?1 IS NULL OR owner = ?1) AND number < ?2 ORDER BY number DESC LIMIT ?3
        """;

    public ValueTask<IReadOnlyList<Mailbox>> ListAsync(string? owner, long beforeNumber, int most, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Mailbox>>(reader.Query(List, row => new Mailbox(row.Number(0), row.Text(1), row.Number(2)), owner, beforeNumber, most));

    public ValueTask<long?> CountAsync(string? owner, string name, CancellationToken cancellationToken)
    {
        string? present = reader.Query(MailboxTable.Owner, row => row.Text(0), name).FirstOrDefault();
        return ValueTask.FromResult<long?>(present is not null && owner is not null && present != owner ? null
            : reader.Query($"SELECT count(*) FROM deliveries WHERE {MailboxTable.Waiting}", row => row.Number(0), WebhookTarget.Mailbox(name))[0]);
    }

    public ValueTask<TakenMessages?> TakeAsync(string? owner, string name, DateTimeOffset now, DateTimeOffset hiddenUntil, int most) =>
        writer.WriteAsync(session => session.Mailboxes.IsOpenTo(name, owner) ? session.Mailboxes.Take(name, now, hiddenUntil, most) : null);

    public ValueTask<IReadOnlyList<long>> StillOutAsync(IReadOnlyList<long> numbers, DateTimeOffset now, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<long>>(numbers.Count == 0 ? []
            : reader.Query(
                "SELECT number FROM deliveries WHERE number IN (SELECT value FROM json_each(?1)) AND hidden_until > ?2",
                row => row.Number(0), JsonSerializer.Serialize(numbers), OperationRow.Ms(now)));

    public ValueTask<MailboxMessage?> FindAsync(string? owner, string name, string id, DateTimeOffset now) =>
        writer.WriteAsync(session => session.Mailboxes.IsOpenTo(name, owner) ? session.Mailboxes.Find(name, id, now) : null);

    public async ValueTask<bool> AcknowledgeAsync(string? owner, string name, string id, DateTimeOffset now)
    {
        bool isOpen = await writer.WriteAsync(session =>
        {
            if (!session.Mailboxes.IsOpenTo(name, owner))
            {
                return false;
            }

            session.Mailboxes.Acknowledge(name, id, now);
            return true;
        });
        signal.RaiseAcknowledged(name);
        return isOpen;
    }

    public async ValueTask<bool> AcknowledgeUpToAsync(string? owner, string name, string id, DateTimeOffset now)
    {
        int? count;
        do
        {
            count = await writer.WriteAsync<int?>(session =>
                session.Mailboxes.IsOpenTo(name, owner) ? session.Mailboxes.AcknowledgeUpTo(name, id, now, SqliteDeliveryStore.Portion) : null);
        }
        while (count == SqliteDeliveryStore.Portion);
        signal.RaiseAcknowledged(name);
        return count is not null;
    }

    public ValueTask<(int Count, IReadOnlyList<Subscription> Disabled)> GiveUpAsync(DateTimeOffset receivedBefore, DateTimeOffset now, TimeSpan disableAfter, int most) =>
        writer.WriteAsync(session => session.Mailboxes.GiveUp(receivedBefore, now, disableAfter, most));
}
