using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sql;

/// <summary>Mailboxes, within the writing session. Their messages are rows of the deliveries, and their ends are recorded as those of the others.</summary>
internal sealed class MailboxTable(SqlSession session, DeliveryTable deliveries, SubscriptionTable subscriptions)
{
    /// <summary>What lies in a mailbox; the partial index serves it.</summary>
    public const string Waiting = "lane = ?1 AND received_at IS NOT NULL";

    private const string Visible = $"{Waiting} AND (hidden_until IS NULL OR hidden_until <= ?2)";

    public const string Owner = "SELECT owner FROM mailboxes WHERE name = ?1";

    private const string Message = "SELECT number, id, subscription, received_at, body FROM deliveries WHERE ";

    /// <summary>What the record of an end needs.</summary>
    private const string Ending = "SELECT number, id, kind, operation, subscription, target, failures FROM deliveries WHERE ";

    private readonly string _claim = session.Dialect.InsertNew("mailboxes", ["name", "owner"], ["name"]);

    /// <summary>Why a submission may not name a mailbox; null when it may.</summary>
    public AcceptRefusal? Judge(string name, string owner, int capacity) =>
        !IsOpenTo(name, owner) ? AcceptRefusal.MailboxTaken
        : session.Statement($"SELECT count(*) FROM (SELECT number FROM deliveries WHERE {Waiting} ORDER BY number LIMIT ?2) AS waiting").Bind(WebhookTarget.Mailbox(name)).Bind(capacity).Query(row => row.Number(0))[0] >= capacity ? AcceptRefusal.MailboxFull
        : null;

    public bool IsNobodys(string name) => OwnerOf(name) is null;

    public bool IsOpenTo(string name, string? owner) => owner is null || (OwnerOf(name) ?? owner) == owner;

    /// <summary>Makes the name the owner's, if it is nobody's.</summary>
    public void Claim(string name, string owner) => session.Statement(_claim).Bind(name).Bind(owner).Post();

    public TakenMessages Take(string name, IReadOnlySet<string>? types, DateTimeOffset now, DateTimeOffset hiddenUntil, int most)
    {
        string lane = WebhookTarget.Mailbox(name);
        var messages = new List<MailboxMessage>();
        bool isMore;
        do
        {
            int wanted = most - messages.Count;
            List<(MailboxMessage Message, string? Subscription)> found = session.Statement($"{Message}{Visible}{MessageTypes.Condition(types, 4)} ORDER BY number LIMIT ?3")
                .Bind(lane).Bind(OperationRow.Ms(now)).Bind(wanted).BindTypes(types).Query(Read);
            foreach ((MailboxMessage message, string? subscription) in found)
            {
                if (WithSecrets(message, subscription, now) is { } readable)
                {
                    // Whoever comes second finds it hidden.
                    session.Statement($"UPDATE deliveries SET hidden_until = ?3 WHERE {Visible} AND number = ?4")
                        .Bind(lane).Bind(OperationRow.Ms(now)).Bind(OperationRow.Ms(hiddenUntil)).Bind(message.Number).Post(rows => messages.AddRange(rows > 0 ? [readable] : []));
                }
                else
                {
                    deliveries.Remove(message.Number);
                }
            }

            session.Flush();
            isMore = found.Count == wanted && messages.Count < most;
        }
        while (isMore);

        long? next = most > 0 && messages.Count == most ? null
            : session.Statement($"SELECT min(hidden_until) FROM deliveries WHERE {Waiting} AND hidden_until > ?2{MessageTypes.Condition(types, 3)}").Bind(lane).Bind(OperationRow.Ms(now)).BindTypes(types).Query(row => row.NumberOrNull(0))[0];
        return new TakenMessages(messages, next is { } instant ? OperationRow.Instant(instant) : null);
    }

    public MailboxMessage? Find(string name, IReadOnlySet<string>? types, string id, DateTimeOffset now) =>
        session.Statement($"{Message}{Waiting} AND id = ?2{MessageTypes.Condition(types, 3)}").Bind(WebhookTarget.Mailbox(name)).Bind(id).BindTypes(types).Query(Read) is [var (message, subscription)] ? WithSecrets(message, subscription, now) : null;

    /// <summary>Also what has left the mailbox by its age: somebody has got it after all.</summary>
    public void Acknowledge(string name, IReadOnlySet<string>? types, string id, DateTimeOffset now) => RecordAll(
        session.Statement($"{Ending}lane = ?1 AND id = ?2 AND (received_at IS NOT NULL OR state = 2){MessageTypes.Condition(types, 3)}").Bind(WebhookTarget.Mailbox(name)).Bind(id).BindTypes(types),
        now, error: null, DeliveryState.Delivered, TimeSpan.MaxValue);

    /// <summary>Answers how many it was.</summary>
    public int AcknowledgeUpTo(string name, IReadOnlySet<string>? types, string id, DateTimeOffset now, int most) => RecordAll(
        session.Statement($"{Ending}{Waiting} AND hidden_until IS NOT NULL AND number <= (SELECT number FROM deliveries WHERE id = ?2 AND lane = ?1){MessageTypes.Condition(types, 4)} ORDER BY number LIMIT ?3")
            .Bind(WebhookTarget.Mailbox(name)).Bind(id).Bind(most).BindTypes(types),
        now, error: null, DeliveryState.Delivered, TimeSpan.MaxValue).Count;

    public (int Count, IReadOnlyList<Subscription> Disabled) GiveUp(DateTimeOffset receivedBefore, DateTimeOffset now, TimeSpan disableAfter, int most)
    {
        (int count, List<Subscription> disabled) = RecordAll(
            session.Statement($"{Ending}received_at <= ?1 ORDER BY received_at LIMIT ?2").Bind(OperationRow.Ms(receivedBefore)).Bind(most), now, DeliveryErrors.NotFetched, DeliveryState.Dead, disableAfter);
        return (count, disabled);
    }

    private (int Count, List<Subscription> Disabled) RecordAll(Statement ending, DateTimeOffset now, string? error, DeliveryState state, TimeSpan disableAfter)
    {
        List<ClaimedDelivery> found = ending.Query(row => new ClaimedDelivery(
            row.Number(0), row.Text(1), (DeliveryKind)row.Number(2), row.TextOrNull(3), row.TextOrNull(4), row.Text(5), TraceParent: null, Body: [], (int)row.Number(6), Secrets: [], LeaseUntil: null));
        var attempt = new DeliveryAttempt(now, Status: null, TimeSpan.Zero, error, Answer: null);
        return (found.Count, [.. found.Select(message => deliveries.Record(message, attempt, state, dueAt: null, disableAfter)).OfType<Subscription>()]);
    }

    private string? OwnerOf(string name) => session.Statement(Owner).Bind(name).Query(row => row.Text(0)).FirstOrDefault();

    private static (MailboxMessage Message, string? Subscription) Read(Row row) =>
        (new MailboxMessage(row.Number(0), row.Text(1), OperationRow.Instant(row.Number(3)), row.Bytes(4), Secrets: [null]), row.TextOrNull(2));

    /// <summary>Null when the subscription is gone: nothing of it is to be delivered any more.</summary>
    private MailboxMessage? WithSecrets(MailboxMessage message, string? subscription, DateTimeOffset now) =>
        subscription is null ? message
        : subscriptions.Find(subscription) is { } found ? message with { Secrets = [.. found.SecretsAt(now)] }
        : null;
}
