using System.Globalization;
using System.Text;
using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>Messages in the embedded store. What is done to many rows is done a portion at a time, so that other writes come between.</summary>
internal sealed class SqliteDeliveryStore(WriteBatcher<SqliteWriteSession> writer, SqliteReader reader, DeliverySignal signal) : IDeliveryStore
{
    public const int Portion = 500;

    private const string Lanes =
        """
        WITH RECURSIVE lanes (lane) AS (
            SELECT min(lane) FROM deliveries WHERE state = 0
            UNION ALL
            SELECT (SELECT min(lane) FROM deliveries WHERE state = 0 AND lane > lanes.lane) FROM lanes WHERE lane IS NOT NULL),
        due (lane, due_at) AS (
            SELECT lane, (SELECT min(due_at) FROM deliveries WHERE state = 0 AND lane = lanes.lane AND due_at IS NOT NULL) FROM lanes WHERE lane IS NOT NULL)
        SELECT lane, due_at FROM due WHERE due_at IS NOT NULL
        """;

    public async ValueTask RecoverAsync(DateTimeOffset now)
    {
        List<string> active = await writer.WriteAsync(session =>
        {
            session.Deliveries.ReleaseAll(now);
            return session.Subscriptions.All.Where(subscription => subscription.State is SubscriptionState.Active).Select(subscription => subscription.Id).ToList();
        });
        foreach (string subscription in active)
        {
            await UnholdAsync(subscription, now);
        }
    }

    public ValueTask<IReadOnlyList<LaneDue>> ListLanesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<LaneDue>>(reader.Query(Lanes, row => new LaneDue(row.Text(0), OperationRow.Instant(row.Number(1)))));

    public ValueTask<ClaimedPage> ClaimAsync(string lane, DateTimeOffset now, DateTimeOffset leaseUntil, int most) =>
        writer.WriteAsync(session => session.Deliveries.Claim(lane, now, leaseUntil, most));

    public ValueTask<Subscription?> RecordAsync(ClaimedDelivery delivery, DeliveryAttempt attempt, DeliveryState state, DateTimeOffset? dueAt, TimeSpan disableAfter) =>
        writer.WriteAsync(session => session.Deliveries.Record(delivery, attempt, state, dueAt, disableAfter));

    public async ValueTask ReleaseAsync(IReadOnlyCollection<long> numbers, DateTimeOffset now) =>
        await writer.WriteAsync(session =>
        {
            session.Deliveries.Release(numbers, now);
            return true;
        });

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
            page = Rows(filter, before, Portion);
            count += await RedeliverAsync(page, now);
            before = page.Count == 0 ? 0 : page[^1].Number;
        }
        while (page.Count == Portion);
        return count;
    }

    public ValueTask<Delivery?> FindAsync(string? owner, string id, CancellationToken cancellationToken) =>
        ValueTask.FromResult(reader.Query($"SELECT {DeliveryRow.Columns} FROM deliveries WHERE id = ?1 AND (?2 IS NULL OR owner = ?2)", DeliveryRow.Read, id, owner).Select(WithAttempts).FirstOrDefault());

    public ValueTask<IReadOnlyList<Delivery>> ListAsync(DeliveryFilter filter, long beforeNumber, int most, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Delivery>>([.. Rows(filter, beforeNumber, most).Select(WithAttempts)]);

    public ValueTask<(long Pending, long Dead)> CountAsync(CancellationToken cancellationToken) => ValueTask.FromResult(
        reader.Query("SELECT (SELECT count(*) FROM deliveries WHERE state = 0), (SELECT count(*) FROM deliveries WHERE state >= 2 AND state = 2)", row => (row.Number(0), row.Number(1)))[0]);

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

    private Delivery WithAttempts(Delivery delivery) => delivery with
    {
        Attempts = reader.Query("SELECT at, status, duration, error, answer FROM delivery_attempts WHERE delivery = ?1 ORDER BY number", DeliveryRow.ReadAttempt, delivery.Number),
    };

    private List<Delivery> Rows(DeliveryFilter filter, long before, int most)
    {
        var values = new List<object?> { before, filter.Owner, most };
        var sql = new StringBuilder($"SELECT {DeliveryRow.Columns} FROM deliveries WHERE number < ?1 AND (?2 IS NULL OR owner = ?2)");
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

        if (filter.States.Count > 0)
        {
            // Literals, or SQLite would not see that a partial index serves.
            sql.Append(CultureInfo.InvariantCulture, $" AND state IN ({string.Join(", ", filter.States.Distinct().Order().Select(state => (int)state))})");
            if (filter.States.All(state => state >= DeliveryState.Dead))
            {
                sql.Append(" AND state >= 2");
            }
        }

        return reader.Query(sql.Append(" ORDER BY number DESC LIMIT ?3").ToString(), DeliveryRow.Read, [.. values]);
    }
}
