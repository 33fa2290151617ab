using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sql;

/// <summary>Messages, within the writing session.</summary>
internal sealed class DeliveryTable(SqlSession session, SubscriptionTable subscriptions)
{
    private const string Due = "SELECT number, id, kind, operation, subscription, target, trace_parent, body, failures FROM deliveries WHERE state = 0 AND lane = ?1 AND due_at <= ?2 ORDER BY due_at LIMIT ?3";

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
            bool isTold = session.Statement("SELECT number FROM deliveries WHERE operation = ?1 AND subscription = ?2 AND version >= ?3 ORDER BY number LIMIT 1")
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
        DeliveryRow.BindInsert(session.Statement(DeliveryRow.Insert), message with { Number = session.NextDelivery() }, lane).Post();
        return lane;
    }

    public ClaimedPage Claim(string lane, DateTimeOffset now, DateTimeOffset leaseUntil, int most)
    {
        List<ClaimedDelivery> due = session.Statement(Due).Bind(lane).Bind(OperationRow.Ms(now)).Bind(most).Query(row => new ClaimedDelivery(
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
                session.Statement("UPDATE deliveries SET due_at = NULL, lease_until = NULL WHERE number = ?1 AND state = 0 AND due_at <= ?2").Bind(delivery.Number).Bind(OperationRow.Ms(now)).Post();
            }
            else
            {
                // Whoever comes second finds it no longer due.
                ClaimedDelivery mine = subscription is null ? delivery : delivery with { Secrets = [.. subscription.SecretsAt(now)] };
                session.Statement("UPDATE deliveries SET due_at = ?2, lease_until = ?2 WHERE number = ?1 AND state = 0 AND due_at <= ?3")
                    .Bind(delivery.Number).Bind(OperationRow.Ms(leaseUntil)).Bind(OperationRow.Ms(now)).Post(rows => claimed.AddRange(rows > 0 ? [mine] : []));
            }
        }

        session.Flush();
        return new ClaimedPage(claimed, due.Count, due.Count == 0 ? NextDueAt(lane) : null);
    }

    /// <summary>Answers the subscription when the try has switched it off. A try that outlived its lease changes nothing: the message is another's by now.</summary>
    public Subscription? Record(ClaimedDelivery delivery, DeliveryAttempt attempt, DeliveryState state, DateTimeOffset? dueAt, TimeSpan disableAfter)
    {
        string held = delivery.LeaseUntil is null ? "lease_until IS NULL" : "lease_until = ?6";
        Statement update = session.Statement(
            $"""
            UPDATE deliveries SET state = ?2, due_at = ?3, lease_until = NULL, failures = ?4, finished_at = ?5, received_at = NULL, hidden_until = NULL
            WHERE number = ?1 AND {held}
            """)
            .Bind(delivery.Number).Bind((long)state).Bind(dueAt?.ToUnixTimeMilliseconds()).Bind(delivery.Failures + (attempt.IsSuccess ? 0 : 1))
            .Bind(state is DeliveryState.Pending ? null : OperationRow.Ms(attempt.At + attempt.Duration));
        bool isHeld = (delivery.LeaseUntil is { } lease ? update.Bind(OperationRow.Ms(lease)) : update).Execute() > 0;
        if (!isHeld)
        {
            return null;
        }

        session.Statement("INSERT INTO delivery_attempts (delivery, number, at, status, duration, error, answer) SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6 FROM delivery_attempts WHERE delivery = ?1")
            .Bind(delivery.Number).Bind(OperationRow.Ms(attempt.At)).Bind(attempt.Status).Bind((long)attempt.Duration.TotalMilliseconds).Bind(attempt.Error).Bind(attempt.Answer).Post();
        if (delivery.Kind is DeliveryKind.Change)
        {
            ForgetReplaced(delivery, state);
        }

        if (delivery.Kind is DeliveryKind.Test || delivery.Subscription is null || subscriptions.Find(delivery.Subscription) is not { } subscription)
        {
            return null;
        }

        if (ReferenceEquals(subscription.After(attempt, disableAfter), subscription))
        {
            return null;
        }

        subscriptions.Lock();
        if (subscriptions.Find(delivery.Subscription) is not { } locked)
        {
            return null;
        }

        Subscription next = locked.After(attempt, disableAfter);
        subscriptions.Put(next);
        return next.State is SubscriptionState.Disabled && locked.State is not SubscriptionState.Disabled ? next : null;
    }

    /// <summary>One whose lease has lapsed is another's by now, and stays so.</summary>
    public void Release(IEnumerable<ClaimedDelivery> claimed, DateTimeOffset now)
    {
        foreach (ClaimedDelivery delivery in claimed)
        {
            session.Statement("UPDATE deliveries SET due_at = ?2, lease_until = NULL WHERE number = ?1 AND state = 0 AND lease_until = ?3")
                .Bind(delivery.Number).Bind(OperationRow.Ms(now)).Bind(delivery.LeaseUntil?.ToUnixTimeMilliseconds()).Post();
        }
    }

    /// <summary>The embedded store has one server, which has just started: whatever is leased is left from one that died.</summary>
    public void ReleaseAll(DateTimeOffset now) =>
        session.Statement("UPDATE deliveries SET due_at = ?1, lease_until = NULL WHERE state = 0 AND lease_until IS NOT NULL").Bind(OperationRow.Ms(now)).Execute();

    /// <summary>Makes due what was kept for a subscription, a portion at a time; answers the lanes, none when there is no more.</summary>
    public IReadOnlyList<string> Unhold(string subscription, DateTimeOffset now, int most)
    {
        List<(long Number, string Lane)> held = session.Statement(
            "SELECT number, lane FROM deliveries WHERE state = 0 AND due_at IS NULL AND received_at IS NULL AND subscription = ?1 ORDER BY number LIMIT ?2")
            .Bind(subscription).Bind(most).Query(row => (row.Number(0), row.Text(1)));
        foreach ((long number, string lane) in held)
        {
            string freed = WebhookTarget.MailboxOf(lane) is null ? "due_at" : "received_at";
            session.Statement($"UPDATE deliveries SET {freed} = ?2 WHERE number = ?1 AND state = 0 AND due_at IS NULL AND received_at IS NULL").Bind(number).Bind(OperationRow.Ms(now)).Post();
        }

        return [.. held.Select(delivery => delivery.Lane)];
    }

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
        session.Statement("UPDATE deliveries SET state = 0, failures = 0, finished_at = NULL, due_at = ?2, received_at = ?3, hidden_until = NULL WHERE number = ?1 AND lease_until IS NULL")
            .Bind(delivery.Number).Bind(isFetched ? null : OperationRow.Ms(now)).Bind(isFetched && !isHeld ? OperationRow.Ms(now) : null).Post();
        return true;
    }

    /// <summary>Of one subscription, what was never sent; answers how many.</summary>
    public int RemovePending(string subscription, int most) => RemoveAll(
        session.Statement("SELECT number FROM deliveries WHERE subscription = ?1 AND state = 0 AND lease_until IS NULL ORDER BY number LIMIT ?2").Bind(subscription).Bind(most));

    public bool HasPending(string subscription) =>
        session.Statement("SELECT number FROM deliveries WHERE subscription = ?1 AND state = 0 ORDER BY number LIMIT 1").Bind(subscription).Query(row => row.Number(0)).Count > 0;

    public int RemoveOld(DateTimeOffset deliveredBefore, DateTimeOffset recordedBefore, int most) =>
        RemoveAll(session.Statement("SELECT number FROM deliveries WHERE state = 1 AND finished_at <= ?1 ORDER BY finished_at LIMIT ?2").Bind(OperationRow.Ms(deliveredBefore)).Bind(most))
        + RemoveAll(session.Statement("SELECT number FROM (SELECT number, created_at FROM deliveries ORDER BY number LIMIT ?2) AS oldest WHERE created_at <= ?1").Bind(OperationRow.Ms(recordedBefore)).Bind(most));

    public void Remove(long number)
    {
        session.Statement("DELETE FROM delivery_attempts WHERE delivery = ?1").Bind(number).Post();
        session.Statement("DELETE FROM deliveries WHERE number = ?1").Bind(number).Post();
    }

    private DateTimeOffset? NextDueAt(string lane) =>
        session.Statement("SELECT min(due_at) FROM deliveries WHERE state = 0 AND lane = ?1 AND due_at IS NOT NULL").Bind(lane).Query(row => row.NumberOrNull(0))[0] is { } dueAt ? OperationRow.Instant(dueAt) : null;

    private static void AddLane(List<string> lanes, Delivery message, string lane)
    {
        if ((message.DueAt ?? message.ReceivedAt) is not null && !lanes.Contains(lane))
        {
            lanes.Add(lane);
        }
    }

    /// <summary>A newer snapshot takes the place of one that nobody has been sent or has read.</summary>
    private void RemoveUnsentChange(OperationKey operation, string subscription) => RemoveAll(
        session.Statement("SELECT number FROM deliveries WHERE operation = ?1 AND subscription = ?2 AND kind = 1 AND state = 0 AND lease_until IS NULL AND hidden_until IS NULL").Bind(operation.ToString()).Bind(subscription));

    /// <summary>Of the changes of an operation only the newest is tried again, and only the newest that arrived is kept.</summary>
    private void ForgetReplaced(ClaimedDelivery delivery, DeliveryState state)
    {
        if (state is DeliveryState.Delivered)
        {
            RemoveAll(session.Statement("SELECT number FROM deliveries WHERE operation = ?1 AND subscription = ?2 AND kind = 1 AND state = 1 AND number < ?3")
                .Bind(delivery.Operation).Bind(delivery.Subscription).Bind(delivery.Number));
        }
        else if (session.Statement("SELECT number FROM deliveries WHERE operation = ?1 AND subscription = ?2 AND number > ?3 ORDER BY number LIMIT 1")
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
