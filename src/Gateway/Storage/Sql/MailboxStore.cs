using System.Text.Json;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sql;

/// <summary>Mailboxes in any of the databases. That a message is given to one reader only is the doing of the writing session.</summary>
internal sealed class MailboxStore(WriteBatcher<SqlSession> writer, StorageProvider storage, MailboxSignal signal) : IMailboxStore
{
    private const string List =
        """
        SELECT number, name, (SELECT count(*) FROM deliveries WHERE lane = concat('mailbox:', mailboxes.name) AND received_at IS NOT NULL)
        FROM mailboxes WHERE owner = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3
        """;

    private readonly ISqlReader _reader = storage.Reader;

    public async ValueTask<IReadOnlyList<Mailbox>> ListAsync(string owner, long beforeNumber, int most, CancellationToken cancellationToken) =>
        await _reader.QueryAsync(List, row => new Mailbox(row.Number(0), row.Text(1), row.Number(2)), cancellationToken, owner, beforeNumber, most);

    public async ValueTask<long?> CountAsync(string owner, string name, CancellationToken cancellationToken)
    {
        string? present = (await _reader.QueryAsync(MailboxTable.Owner, row => row.Text(0), cancellationToken, name)).FirstOrDefault();
        return present is not null && present != owner ? null
            : (await _reader.QueryAsync($"SELECT count(*) FROM deliveries WHERE {MailboxTable.Waiting}", row => row.Number(0), cancellationToken, WebhookTarget.Mailbox(name)))[0];
    }

    public ValueTask<TakenMessages?> TakeAsync(string owner, string name, DateTimeOffset now, DateTimeOffset hiddenUntil, int most) =>
        writer.WriteAsync(session => session.Mailboxes.IsOpenTo(name, owner) ? session.Mailboxes.Take(name, now, hiddenUntil, most) : null);

    public async ValueTask<IReadOnlyList<long>> StillOutAsync(IReadOnlyList<long> numbers, DateTimeOffset now, CancellationToken cancellationToken) =>
        numbers.Count == 0 ? []
            : await _reader.QueryAsync(
                $"SELECT number FROM deliveries WHERE number IN ({storage.Dialect.NumbersIn("?1")}) AND hidden_until > ?2",
                row => row.Number(0), cancellationToken, JsonSerializer.Serialize(numbers), OperationRow.Ms(now));

    public ValueTask<MailboxMessage?> FindAsync(string owner, string name, string id, DateTimeOffset now) =>
        writer.WriteAsync(session => session.Mailboxes.IsOpenTo(name, owner) ? session.Mailboxes.Find(name, id, now) : null);

    public async ValueTask<bool> AcknowledgeAsync(string owner, string name, string id, DateTimeOffset now)
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

    public async ValueTask<bool> AcknowledgeUpToAsync(string owner, string name, string id, DateTimeOffset now)
    {
        int? count;
        do
        {
            count = await writer.WriteAsync<int?>(session =>
                session.Mailboxes.IsOpenTo(name, owner) ? session.Mailboxes.AcknowledgeUpTo(name, id, now, DeliveryStore.Portion) : null);
        }
        while (count == DeliveryStore.Portion);
        signal.RaiseAcknowledged(name);
        return count is not null;
    }

    public ValueTask<(int Count, IReadOnlyList<Subscription> Disabled)> GiveUpAsync(DateTimeOffset receivedBefore, DateTimeOffset now, TimeSpan disableAfter, int most) =>
        writer.WriteAsync(session => session.Mailboxes.GiveUp(receivedBefore, now, disableAfter, most));
}
