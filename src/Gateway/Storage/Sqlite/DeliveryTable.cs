using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>Messages, within the writing session.</summary>
internal sealed class DeliveryTable(Func<string, Statement> statement, SubscriptionTable subscriptions)
{
    private const string Due = "SELECT number, id, kind, operation, subscription, target, trace_parent, body, failures FROM deliveries WHERE state = 0 AND lane = ?1 AND due_at <= ?2 ORDER BY due_at LIMIT ?3";

    private long _number = statement("SELECT coalesce(max(number), 0) FROM deliveries").Query(row => row.Number(0))[0];

    /// <summary>Called at every end: without a webhook and subscriptions it costs two looks. Answers the lanes, mailboxes among them, that have something now.</summary>
    public IReadOnlyList<string> RecordEnd(Operation ended)
    {
        IReadOnlyCollection<Subscription> candidates = subscriptions.Of(ended.Owner);
        if (ended.Webhook is null && candidates.Count == 0)
        {
            return [];
        }

        var lanes = new List<string>();
        foreach (Delivery message in DeliveryPlan.AtEnd(ended, candidates, ended.EndedAt!.Value))
        {
            if (message.Subscription is { } subscription)
            {
                RemoveUnsentChange(ended.Key, subscription);
            }

            AddLane(lanes, message, Insert(message));
        }

        return lanes;
    }

    /// <summary>As <see cref="RecordEnd"/>, for those who want every change and have not been told of this one.</summary>
    public IReadOnlyList<string> RecordChanges(IEnumerable<OperationStatus> changes, DateTimeOffset now)
    {
        var lanes = new List<string>();
        foreach (Delivery message in changes.SelectMany(status => DeliveryPlan.AtChange(status, subscriptions.Of(status.Operation.Owner), now)))
        {
            string operation = message.Operation.ToString()!;
            bool isTold = statement("SELECT 1 FROM deliveries WHERE operation = ?1 AND subscription = ?2 AND version >= ?3 LIMIT 1")
                .Bind(operation).Bind(message.Subscription).Bind(message.Version).Query(row => row.Number(0)).Count > 0;
            if (!isTold)
            {
                RemoveUnsentChange(message.Operation!.Value, message.Subscription!);
                AddLane(lanes, message, Insert(message));
            }
        }

        return lanes;
    }

    public string Insert(Delivery message)
    {
        string lane = WebhookTarget.LaneOf(message.Target);
        DeliveryRow.BindInsert(statement(DeliveryRow.Insert), message with { Number = ++_number }, lane).Execute();
        return lane;
    }

    public ClaimedPage Claim(string lane, DateTimeOffset now, DateTimeOffset leaseUntil, int most)
    {
        List<ClaimedDelivery> due = statement(Due).Bind(lane).Bind(OperationRow.Ms(now)).Bind(most).Query(row => new ClaimedDelivery(
            row.Number(0), row.Text(1), (DeliveryKind)row.Number(2), row.TextOrNull(3), row.TextOrNull(4), row.Text(5), row.TextOrNull(6), row.Bytes(7), (int)row.Number(8), [null], leaseUntil));
        var claimed = new List<ClaimedDelivery>(due.Count);
        foreach (ClaimedDelivery delivery in due)
        {
            Subscription? subscription = delivery.Subscription is { } id ? subscriptions.Find(id) : null;
            if (delivery.Subscription is not null && subscription is null)
            {
                Remove(delivery.Number);
            }
            else if (subscription is { State: not SubscriptionState.Active } && delivery.Kind is not DeliveryKind.Test)
            {
                statement("UPDATE deliveries SET due_at = NULL, lease_until = NULL WHERE number = ?1").Bind(delivery.Number).Execute();
            }
            else
            {
                statement("UPDATE deliveries SET due_at = ?2, lease_until = ?2 WHERE number = ?1").Bind(delivery.Number).Bind(OperationRow.Ms(leaseUntil)).Execute();
                claimed.Add(subscription is null ? delivery : delivery with { Secrets = [.. subscription.SecretsAt(now)] });
            }
        }

        return new ClaimedPage(claimed, due.Count, due.Count == 0 ? NextDueAt(lane) : null);
    }

    /// <summary>Answers the subscription when the try has switched it off.</summary>
    public Subscription? Record(ClaimedDelivery delivery, DeliveryAttempt attempt, DeliveryState state, DateTimeOffset? dueAt, TimeSpan disableAfter)
    {
        statement("INSERT INTO delivery_attempts (delivery, number, at, status, duration, error, answer) SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6 FROM delivery_attempts WHERE delivery = ?1")
            .Bind(delivery.Number).Bind(OperationRow.Ms(attempt.At)).Bind(attempt.Status).Bind((long)attempt.Duration.TotalMilliseconds).Bind(attempt.Error).Bind(attempt.Answer).Execute();
        statement("UPDATE deliveries SET state = ?2, due_at = ?3, lease_until = NULL, failures = ?4, finished_at = ?5, received_at = NULL, hidden_until = NULL WHERE number = ?1")
            .Bind(delivery.Number).Bind((long)state).Bind(dueAt?.ToUnixTimeMilliseconds()).Bind(delivery.Failures + (attempt.IsSuccess ? 0 : 1))
            .Bind(state is DeliveryState.Pending ? null : OperationRow.Ms(attempt.At + attempt.Duration)).Execute();
        if (delivery.Kind is DeliveryKind.Change)
        {
            ForgetReplaced(delivery, state);
        }

        if (delivery.Kind is DeliveryKind.Test || delivery.Subscription is null || subscriptions.Find(delivery.Subscription) is not { } subscription)
        {
            return null;
        }

        Subscription next = subscription.After(attempt, disableAfter);
        if (!ReferenceEquals(next, subscription))
        {
            subscriptions.Put(next);
        }

        return next.State is SubscriptionState.Disabled && subscription.State is not SubscriptionState.Disabled ? next : null;
    }

    public void Release(IEnumerable<long> numbers, DateTimeOffset now)
    {
        foreach (long number in numbers)
        {
            statement("UPDATE deliveries SET due_at = ?2, lease_until = NULL WHERE number = ?1 AND state = 0 AND lease_until IS NOT NULL").Bind(number).Bind(OperationRow.Ms(now)).Execute();
        }
    }

    /// <summary>The embedded store has one server, which has just started: whatever is leased is left from one that died.</summary>
    public void ReleaseAll(DateTimeOffset now) =>
        statement("UPDATE deliveries SET due_at = ?1, lease_until = NULL WHERE state = 0 AND lease_until IS NOT NULL").Bind(OperationRow.Ms(now)).Execute();

    /// <summary>Makes due what was kept for a subscription, a portion at a time; answers the lanes, none when there is no more.</summary>
    public IReadOnlyList<string> Unhold(string subscription, DateTimeOffset now, int most) => statement(
        """
        UPDATE deliveries SET due_at = iif(lane LIKE 'mailbox:%', NULL, ?2), received_at = iif(lane LIKE 'mailbox:%', ?2, NULL)
        WHERE number IN (SELECT number FROM deliveries WHERE state = 0 AND due_at IS NULL AND received_at IS NULL AND subscription = ?1 LIMIT ?3) RETURNING lane
        """).Bind(subscription).Bind(OperationRow.Ms(now)).Bind(most).Query(row => row.Text(0));

    /// <summary>Makes a message due, with the whole schedule before it, or puts it into its mailbox. False when its subscription is gone, and with it what would sign it.</summary>
    public bool Redeliver(Delivery delivery, DateTimeOffset now)
    {
        Subscription? subscription = delivery.Subscription is { } id ? subscriptions.Find(id) : null;
        if (delivery.Subscription is not null && subscription is null)
        {
            return false;
        }

        bool isFetched = WebhookTarget.MailboxOf(delivery.Target) is not null;
        bool isHeld = subscription is { State: not SubscriptionState.Active } && delivery.Kind is not DeliveryKind.Test;
        statement("UPDATE deliveries SET state = 0, failures = 0, finished_at = NULL, due_at = ?2, received_at = ?3, hidden_until = NULL WHERE number = ?1 AND lease_until IS NULL")
            .Bind(delivery.Number).Bind(isFetched ? null : OperationRow.Ms(now)).Bind(isFetched && !isHeld ? OperationRow.Ms(now) : null).Execute();
        return true;
    }

    /// <summary>Of one subscription, what was never sent; answers how many.</summary>
    public int RemovePending(string subscription, int most) => RemoveAll(
        statement("SELECT number FROM deliveries WHERE subscription = ?1 AND state = 0 AND lease_until IS NULL LIMIT ?2").Bind(subscription).Bind(most));

    public bool HasPending(string subscription) =>
        statement("SELECT 1 FROM deliveries WHERE subscription = ?1 AND state = 0 LIMIT 1").Bind(subscription).Query(row => row.Number(0)).Count > 0;

    public int RemoveOld(DateTimeOffset deliveredBefore, DateTimeOffset recordedBefore, int most) =>
        RemoveAll(statement("SELECT number FROM deliveries WHERE state = 1 AND finished_at <= ?1 ORDER BY finished_at LIMIT ?2").Bind(OperationRow.Ms(deliveredBefore)).Bind(most))
        + RemoveAll(statement("SELECT number FROM (SELECT number, created_at FROM deliveries ORDER BY number LIMIT ?2) WHERE created_at <= ?1").Bind(OperationRow.Ms(recordedBefore)).Bind(most));

    public void Remove(long number)
    {
        statement("DELETE FROM delivery_attempts WHERE delivery = ?1").Bind(number).Execute();
        statement("DELETE FROM deliveries WHERE number = ?1").Bind(number).Execute();
    }

    private DateTimeOffset? NextDueAt(string lane) =>
        statement("SELECT min(due_at) FROM deliveries WHERE state = 0 AND lane = ?1 AND due_at IS NOT NULL").Bind(lane).Query(row => row.NumberOrNull(0))[0] is { } dueAt ? OperationRow.Instant(dueAt) : null;

    private static void AddLane(List<string> lanes, Delivery message, string lane)
    {
        if ((message.DueAt ?? message.ReceivedAt) is not null && !lanes.Contains(lane))
        {
            lanes.Add(lane);
        }
    }

    /// <summary>A newer snapshot takes the place of one that nobody has been sent or has read.</summary>
    private void RemoveUnsentChange(OperationKey operation, string subscription) => RemoveAll(
        statement("SELECT number FROM deliveries WHERE operation = ?1 AND subscription = ?2 AND kind = 1 AND state = 0 AND lease_until IS NULL AND hidden_until IS NULL").Bind(operation.ToString()).Bind(subscription));

    /// <summary>Of the changes of an operation only the newest is tried again, and only the newest that arrived is kept.</summary>
    private void ForgetReplaced(ClaimedDelivery delivery, DeliveryState state)
    {
        if (state is DeliveryState.Delivered)
        {
            RemoveAll(statement("SELECT number FROM deliveries WHERE operation = ?1 AND subscription = ?2 AND kind = 1 AND state = 1 AND number < ?3")
                .Bind(delivery.Operation).Bind(delivery.Subscription).Bind(delivery.Number));
        }
        else if (statement("SELECT 1 FROM deliveries WHERE operation = ?1 AND subscription = ?2 AND number > ?3 LIMIT 1")
            .Bind(delivery.Operation).Bind(delivery.Subscription).Bind(delivery.Number).Query(row => row.Number(0)).Count > 0)
        {
            Remove(delivery.Number);
        }
    }

    private int RemoveAll(Statement numbers)
    {
        List<long> found = numbers.Query(row => row.Number(0));
        found.ForEach(Remove);
        return found.Count;
    }
}
