using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sql;

/// <summary>Subscriptions in any of the databases.</summary>
internal sealed class SubscriptionStore(WriteBatcher<SqlSession> writer, StorageProvider storage, DeliveryStore deliveries) : ISubscriptionStore
{
    private readonly ISqlReader _reader = storage.Reader;
    private volatile bool _wantsChanges;

    /// <summary>Asked often: known from the start, and from then on from every write.</summary>
    public bool WantsChanges => _wantsChanges;

    /// <summary>Looks whether there is one; other servers may have added it.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken) =>
        _wantsChanges = (await _reader.QueryAsync("SELECT count(*) FROM subscriptions WHERE every_change = 1", row => row.Number(0), cancellationToken))[0] > 0;

    public ValueTask<AddResult> AddAsync(Subscription subscription, int most) => WriteAsync(session =>
    {
        if (session.Subscriptions.Of(subscription.Owner).Count >= most)
        {
            return AddResult.TooMany;
        }

        if (WebhookTarget.MailboxOf(subscription.Webhook) is { } mailbox)
        {
            session.Mailboxes.Claim(mailbox, subscription.Owner);
            if (!session.Mailboxes.IsOpenTo(mailbox, subscription.Owner))
            {
                return AddResult.MailboxTaken;
            }
        }

        session.Subscriptions.Put(subscription);
        return AddResult.Added;
    });

    public async ValueTask<Subscription?> ChangeAsync(string owner, string id, DateTimeOffset now, Func<Subscription, Subscription?> decide)
    {
        bool isActive = false;
        Subscription? changed = await WriteAsync(session =>
        {
            if (session.Subscriptions.Find(id) is not { } present || present.Owner != owner || present.IsExpired(now) || decide(present) is not { } next)
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

    public async ValueTask<bool> RemoveAsync(string owner, string id)
    {
        if (!await WriteAsync(session => session.Subscriptions.Remove(owner, id)))
        {
            return false;
        }

        while (await writer.WriteAsync(session => session.Deliveries.RemovePending(id, DeliveryStore.Portion)) == DeliveryStore.Portion)
        {
        }

        return true;
    }

    public async ValueTask RemoveExpiredAsync(DateTimeOffset now) =>
        await writer.WriteAsync(session =>
        {
            if (!session.Subscriptions.All.Any(subscription => subscription.IsExpired(now)))
            {
                return;
            }

            session.Subscriptions.Lock();
            foreach (Subscription expired in session.Subscriptions.All.Where(subscription => subscription.IsExpired(now) && !session.Deliveries.HasPending(subscription.Id)).ToArray())
            {
                session.Subscriptions.Remove(expired.Owner, expired.Id);
            }

            _wantsChanges = session.Subscriptions.WantsChanges;
        });

    public async ValueTask<Subscription?> FindAsync(string owner, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await _reader.QueryAsync($"SELECT {SubscriptionRow.Columns} FROM subscriptions WHERE id = ?1 AND owner = ?2", SubscriptionRow.Read, cancellationToken, id, owner))
        .Find(subscription => !subscription.IsExpired(now));

    public async ValueTask<IReadOnlyList<Subscription>> ListAsync(string owner, string? beforeId, DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        string select = $"SELECT {SubscriptionRow.Columns} FROM subscriptions WHERE owner = ?1 AND (expires_at IS NULL OR expires_at > ?2)";
        const string newest = " ORDER BY id DESC LIMIT ?3";
        return beforeId is null
            ? await _reader.QueryAsync(select + newest, SubscriptionRow.Read, cancellationToken, owner, OperationRow.Ms(now), most)
            : await _reader.QueryAsync(select + " AND id < ?4" + newest, SubscriptionRow.Read, cancellationToken, owner, OperationRow.Ms(now), most, beforeId);
    }

    private ValueTask<T> WriteAsync<T>(Func<SqlSession, T> write) => writer.WriteAsync(session =>
    {
        session.Subscriptions.Lock();
        T answer = write(session);
        _wantsChanges = session.Subscriptions.WantsChanges;
        return answer;
    });
}
