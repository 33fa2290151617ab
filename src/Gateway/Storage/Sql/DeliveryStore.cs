using System.Globalization;
using System.Text;
using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sql;

/// <summary>Messages in any of the databases. What is done to many rows is done a portion at a time, so that other writes come between.</summary>
internal sealed class DeliveryStore(WriteBatcher<SqlSession> writer, StorageProvider storage, DeliverySignal signal) : IDeliveryStore
{
    public const int Portion = 500;

    private readonly ISqlReader _reader = storage.Reader;

    public async ValueTask RecoverAsync(DateTimeOffset now)
    {
        List<string> active = await writer.WriteAsync(session =>
        {
            // Other servers may hold what is leased; theirs lapses if they do not.
            if (!storage.Dialect.IsShared)
            {
                session.Deliveries.ReleaseAll(now);
            }

            return session.Subscriptions.All.Where(subscription => subscription.State is SubscriptionState.Active).Select(subscription => subscription.Id).ToList();
        });
        foreach (string subscription in active)
        {
            await UnholdAsync(subscription, now);
        }
    }

    public async ValueTask<IReadOnlyList<LaneDue>> ListLanesAsync(CancellationToken cancellationToken) =>
        await _reader.QueryAsync(storage.Dialect.Lanes, row => new LaneDue(row.Text(0), OperationRow.Instant(row.Number(1))), cancellationToken);

    public ValueTask<ClaimedPage> ClaimAsync(string lane, DateTimeOffset now, DateTimeOffset leaseUntil, int most) =>
        writer.WriteAsync(session => session.Deliveries.Claim(lane, now, leaseUntil, most));

    public ValueTask<Subscription?> RecordAsync(ClaimedDelivery delivery, DeliveryAttempt attempt, DeliveryState state, DateTimeOffset? dueAt, TimeSpan disableAfter) =>
        writer.WriteAsync(session => session.Deliveries.Record(delivery, attempt, state, dueAt, disableAfter));

    public async ValueTask ReleaseAsync(IReadOnlyCollection<ClaimedDelivery> claimed, DateTimeOffset now) =>
        await writer.WriteAsync(session => session.Deliveries.Release(claimed, now));

    public async ValueTask RecordChangesAsync(IReadOnlyCollection<OperationStatus> changes, DateTimeOffset now)
    {
        foreach (OperationStatus[] portion in changes.Chunk(Portion))
        {
            Raise(await writer.WriteAsync(session => session.Deliveries.RecordChanges(portion, now)), now);
        }
    }

    public async ValueTask RecordTestAsync(Delivery test)
    {
        string lane = await writer.WriteAsync(session => session.Deliveries.Insert(test));
        signal.Raise(lane, test.CreatedAt);
    }

    public async ValueTask<bool> RedeliverAsync(Delivery delivery, DateTimeOffset now) => await RedeliverAsync([delivery], now) > 0;

    public async ValueTask<int> RedeliverAsync(DeliveryFilter filter, DateTimeOffset now)
    {
        int count = 0;
        long before = long.MaxValue;
        IReadOnlyList<Delivery> page;
        do
        {
            page = await RowsAsync(filter, before, Portion, CancellationToken.None);
            count += await RedeliverAsync(page, now);
            before = page.Count == 0 ? 0 : page[^1].Number;
        }
        while (page.Count == Portion);
        return count;
    }

    public async ValueTask<Delivery?> FindAsync(MessageAccess access, string id, CancellationToken cancellationToken) =>
        (await WithAttemptsAsync(await _reader.QueryAsync($"SELECT {DeliveryRow.Columns} FROM deliveries WHERE id = ?1", DeliveryRow.Read, cancellationToken, id), cancellationToken))
        .Find(access.Allows);

    public async ValueTask<IReadOnlyList<Delivery>> ListAsync(DeliveryFilter filter, long beforeNumber, int most, CancellationToken cancellationToken) =>
        await WithAttemptsAsync(await RowsAsync(filter, beforeNumber, most, cancellationToken), cancellationToken);

    public async ValueTask<(long Pending, long Dead)> CountAsync(CancellationToken cancellationToken) =>
        (await _reader.QueryAsync(
            "SELECT (SELECT count(*) FROM deliveries WHERE state = 0), (SELECT count(*) FROM deliveries WHERE state >= 2 AND state = 2)", row => (row.Number(0), row.Number(1)), cancellationToken))[0];

    public ValueTask<int> RemoveOldAsync(DateTimeOffset deliveredBefore, DateTimeOffset recordedBefore, int most) =>
        writer.WriteAsync(session => session.Deliveries.RemoveOld(deliveredBefore, recordedBefore, most));

    /// <summary>Makes due what was kept while the subscription was not active.</summary>
    public async ValueTask UnholdAsync(string subscription, DateTimeOffset now)
    {
        IReadOnlyList<string> lanes;
        do
        {
            lanes = await writer.WriteAsync(session => session.Deliveries.Unhold(subscription, now, Portion));
            Raise(lanes.Distinct(), now);
        }
        while (lanes.Count == Portion);
    }

    /// <summary>
    /// Makes due what is kept for a subscription that is active: where several servers write, one may still record it as paused when another has resumed it and freed what was kept.
    /// </summary>
    public async ValueTask UnholdStrayAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<string> active = await _reader.QueryAsync(
            "SELECT id FROM subscriptions WHERE state = 0 AND EXISTS (SELECT 1 FROM deliveries WHERE subscription = subscriptions.id AND state = 0 AND due_at IS NULL AND received_at IS NULL)",
            row => row.Text(0),
            cancellationToken);
        foreach (string subscription in active)
        {
            await UnholdAsync(subscription, now);
        }
    }

    private async ValueTask<int> RedeliverAsync(IReadOnlyList<Delivery> deliveries, DateTimeOffset now)
    {
        List<Delivery> due = await writer.WriteAsync(session => deliveries.Where(delivery => session.Deliveries.Redeliver(delivery, now)).ToList());
        Raise(due.Select(delivery => WebhookTarget.LaneOf(delivery.Target)).Distinct(), now);
        return due.Count;
    }

    private void Raise(IEnumerable<string> lanes, DateTimeOffset dueAt)
    {
        foreach (string lane in lanes)
        {
            signal.Raise(lane, dueAt);
        }
    }

    private async ValueTask<List<Delivery>> WithAttemptsAsync(List<Delivery> deliveries, CancellationToken cancellationToken)
    {
        List<(long Delivery, DeliveryAttempt Attempt)> attempts = await _reader.QueryAsync(
            $"SELECT at, status, duration, error, answer, delivery FROM delivery_attempts WHERE delivery IN ({storage.Dialect.NumbersIn("?1")}) ORDER BY delivery, number",
            row => (row.Number(5), DeliveryRow.ReadAttempt(row)), cancellationToken, $"[{string.Join(',', deliveries.Select(delivery => delivery.Number))}]");
        ILookup<long, DeliveryAttempt> byDelivery = attempts.ToLookup(attempt => attempt.Delivery, attempt => attempt.Attempt);
        return deliveries.ConvertAll(delivery => delivery with { Attempts = [.. byDelivery[delivery.Number]] });
    }

    private ValueTask<List<Delivery>> RowsAsync(DeliveryFilter filter, long before, int most, CancellationToken cancellationToken)
    {
        var values = new List<object> { before, most };
        var sql = new StringBuilder($"SELECT {DeliveryRow.Columns} FROM deliveries WHERE number < ?1");
        if (filter.Owner is not null)
        {
            values.Add(filter.Owner);
            sql.Append(CultureInfo.InvariantCulture, $" AND owner = ?{values.Count}");
        }

        if (filter.Operation is { } operation)
        {
            values.Add(operation.ToString());
            sql.Append(CultureInfo.InvariantCulture, $" AND operation = ?{values.Count}");
        }

        if (filter.Subscription is not null)
        {
            values.Add(filter.Subscription);
            sql.Append(CultureInfo.InvariantCulture, $" AND subscription = ?{values.Count}");
        }

        sql.Append(MessageTypes.Condition(filter.Types, values.Count + 1));
        values.AddRange(MessageTypes.Values(filter.Types));
        if (filter.States.Count > 0)
        {
            // Literals, or a database would not see that a partial index serves.
            sql.Append(CultureInfo.InvariantCulture, $" AND state IN ({string.Join(", ", filter.States.Distinct().Order().Select(state => (int)state))})");
            if (filter.States.All(state => state >= DeliveryState.Dead))
            {
                sql.Append(" AND state >= 2");
            }
        }

        return _reader.QueryAsync(sql.Append(" ORDER BY number DESC LIMIT ?2").ToString(), DeliveryRow.Read, cancellationToken, [.. values]);
    }
}
