using System.Text.Json;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sql;

/// <summary>Mailboxes in any of the databases. That a message is given to one reader only is the doing of the writing session.</summary>
internal sealed class MailboxStore(WriteBatcher<SqlSession> writer, StorageProvider storage, MailboxSignal signal) : IMailboxStore
{
    private readonly ISqlReader _reader = storage.Reader;

    public async ValueTask<IReadOnlyList<Mailbox>> ListAsync(MessageAccess access, long beforeNumber, int most, CancellationToken cancellationToken)
    {
        object[] owner = access.Owner is null ? [] : [access.Owner];
        string sql =
            $"""
            SELECT number, name, (SELECT count(*) FROM deliveries WHERE lane = concat('mailbox:', mailboxes.name) AND received_at IS NOT NULL{MessageTypes.Condition(access.Types, owner.Length + 3)})
            FROM mailboxes WHERE number < ?1{(access.Owner is null ? "" : " AND owner = ?3")} ORDER BY number DESC LIMIT ?2
            """;
        return await _reader.QueryAsync(sql, Read, cancellationToken, [beforeNumber, most, .. owner, .. MessageTypes.Values(access.Types)]);
    }

    public async ValueTask<long?> CountAsync(MessageAccess access, string name, CancellationToken cancellationToken)
    {
        string? present = (await _reader.QueryAsync(MailboxTable.Owner, row => row.Text(0), cancellationToken, name)).FirstOrDefault();
        return present is not null && access.Owner is not null && present != access.Owner ? null
            : (await _reader.QueryAsync(
                $"SELECT count(*) FROM deliveries WHERE {MailboxTable.Waiting}{MessageTypes.Condition(access.Types, 2)}", row => row.Number(0), cancellationToken, [WebhookTarget.Mailbox(name), .. MessageTypes.Values(access.Types)]))[0];
    }

    public ValueTask<TakenMessages?> TakeAsync(MessageAccess access, string name, DateTimeOffset now, DateTimeOffset hiddenUntil, int most) =>
        writer.WriteAsync(session => session.Mailboxes.IsOpenTo(name, access.Owner) ? session.Mailboxes.Take(name, access.Types, now, hiddenUntil, most) : null);

    public async ValueTask<IReadOnlyList<long>> StillOutAsync(IReadOnlyList<long> numbers, DateTimeOffset now, CancellationToken cancellationToken) =>
        numbers.Count == 0 ? []
            : await _reader.QueryAsync(
                $"SELECT number FROM deliveries WHERE number IN ({storage.Dialect.NumbersIn("?1")}) AND hidden_until > ?2",
                row => row.Number(0), cancellationToken, JsonSerializer.Serialize(numbers), OperationRow.Ms(now));

    public ValueTask<MailboxMessage?> FindAsync(MessageAccess access, string name, string id, DateTimeOffset now) =>
        writer.WriteAsync(session => session.Mailboxes.IsOpenTo(name, access.Owner) ? session.Mailboxes.Find(name, access.Types, id, now) : null);

    public async ValueTask<bool> AcknowledgeAsync(MessageAccess access, string name, string id, DateTimeOffset now)
    {
        bool isOpen = await writer.WriteAsync(session =>
        {
            if (!session.Mailboxes.IsOpenTo(name, access.Owner))
            {
                return false;
            }

            session.Mailboxes.Acknowledge(name, access.Types, id, now);
            return true;
        });
        signal.RaiseAcknowledged(name);
        return isOpen;
    }

    public async ValueTask<bool> AcknowledgeUpToAsync(MessageAccess access, string name, string id, DateTimeOffset now)
    {
        int? count;
        do
        {
            count = await writer.WriteAsync<int?>(session =>
                session.Mailboxes.IsOpenTo(name, access.Owner) ? session.Mailboxes.AcknowledgeUpTo(name, access.Types, id, now, DeliveryStore.Portion) : null);
        }
        while (count == DeliveryStore.Portion);
        signal.RaiseAcknowledged(name);
        return count is not null;
    }

    public ValueTask<(int Count, IReadOnlyList<Subscription> Disabled)> GiveUpAsync(DateTimeOffset receivedBefore, DateTimeOffset now, TimeSpan disableAfter, int most) =>
        writer.WriteAsync(session => session.Mailboxes.GiveUp(receivedBefore, now, disableAfter, most));

    private static Mailbox Read(Row row) => new(row.Number(0), row.Text(1), row.Number(2));
}
