using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>Subscriptions in the embedded store.</summary>
internal sealed class SqliteSubscriptionStore(WriteBatcher<SqliteWriteSession> writer, SqliteReader reader, SqliteDeliveryStore deliveries) : ISubscriptionStore
{
    private readonly Lazy<bool> _wantedChangesAtStart = new(() => reader.Query("SELECT 1 FROM subscriptions WHERE every_change = 1 LIMIT 1", row => row.Number(0)).Count > 0, LazyThreadSafetyMode.PublicationOnly);
    private volatile Tuple<bool>? _wantsChanges;

    /// <summary>Asked often: read once, and from then on known from every change.</summary>
    public bool WantsChanges => _wantsChanges?.Item1 ?? _wantedChangesAtStart.Value;

    public ValueTask<AddResult> AddAsync(Subscription subscription, int most) => WriteAsync(session =>
    {
        if (session.Subscriptions.Of(subscription.Owner).Count >= most)
        {
            return AddResult.TooMany;
        }

        if (WebhookTarget.MailboxOf(subscription.Webhook) is { } mailbox)
        {
            if (!session.Mailboxes.IsOpenTo(mailbox, subscription.Owner))
            {
                return AddResult.MailboxTaken;
            }

            session.Mailboxes.Claim(mailbox, subscription.Owner);
        }

        session.Subscriptions.Put(subscription);
        return AddResult.Added;
    });

    public async ValueTask<Subscription?> ChangeAsync(string? owner, string id, DateTimeOffset now, Func<Subscription, Subscription?> decide)
    {
        bool isActive = false;
        Subscription? changed = await WriteAsync(session =>
        {
            if (session.Subscriptions.Find(id) is not { } present || (owner is not null && present.Owner != owner) || present.IsExpired(now) || decide(present) is not { } next)
            {
                return null;
            }

            isActive = next.State is SubscriptionState.Active;
            session.Subscriptions.Put(next);
            return next;
        });
        if (isActive)
        {
            // Also where nothing should be kept: an earlier call may have got no further than this.
            await deliveries.UnholdAsync(id, now);
        }

        return changed;
    }

    public async ValueTask<bool> RemoveAsync(string? owner, string id)
    {
        if (!await WriteAsync(session => session.Subscriptions.Remove(owner, id)))
        {
            return false;
        }

        while (await writer.WriteAsync(session => session.Deliveries.RemovePending(id, SqliteDeliveryStore.Portion)) == SqliteDeliveryStore.Portion)
        {
        }

        return true;
    }

    public async ValueTask RemoveExpiredAsync(DateTimeOffset now) =>
        await WriteAsync(session =>
        {
            foreach (Subscription expired in session.Subscriptions.All.Where(subscription => subscription.IsExpired(now) && !session.Deliveries.HasPending(subscription.Id)).ToArray())
            {
                session.Subscriptions.Remove(expired.Owner, expired.Id);
            }

            return true;
        });

    public ValueTask<Subscription?> FindAsync(string? owner, string id, DateTimeOffset now, CancellationToken cancellationToken) => ValueTask.FromResult(
        reader.Query($"SELECT {SubscriptionRow.Columns} FROM subscriptions WHERE id = ?1 AND (?2 IS NULL OR owner = ?2)", SubscriptionRow.Read, id, owner).Find(subscription => !subscription.IsExpired(now)));

    public ValueTask<IReadOnlyList<Subscription>> ListAsync(string? owner, string? beforeId, DateTimeOffset now, int most, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Subscription>>(reader.Query(
            $"SELECT {SubscriptionRow.Columns} FROM subscriptions WHERE (?1 IS NULL OR owner = ?1) AND (?2 IS NULL OR id < ?2) AND (expires_at IS NULL OR expires_at > ?3) ORDER BY id DESC LIMIT ?4",
            SubscriptionRow.Read, owner, beforeId, OperationRow.Ms(now), most));

    private ValueTask<T> WriteAsync<T>(Func<SqliteWriteSession, T> write) => writer.WriteAsync(session =>
    {
        T answer = write(session);
        _wantsChanges = Tuple.Create(session.Subscriptions.WantsChanges);
        return answer;
    });
}
