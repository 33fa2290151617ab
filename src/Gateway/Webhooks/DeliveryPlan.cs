using System.Globalization;
using System.Text.Json;
using RealtimeOps.Operations;

namespace RealtimeOps.Webhooks;

/// <summary>Who is told of what: turns what happened into messages. The Status is rendered here, once; every try of every message sends these bytes.</summary>
internal static class DeliveryPlan
{
    /// <summary>The messages that an operation's end calls for.</summary>
    /// <param name="ended">The operation in its final state.</param>
    /// <param name="subscriptions">Those of its owner.</param>
    /// <param name="now">Decides which of them have expired.</param>
    public static IReadOnlyList<Delivery> AtEnd(Operation ended, IReadOnlyCollection<Subscription> subscriptions, DateTimeOffset now)
    {
        var messages = new List<Delivery>();
        byte[]? body = null;
        if (ended.Webhook is { } webhook)
        {
            messages.Add(Message(DeliveryKind.End, ended, webhook, subscription: null, body = Render(ended), now));
        }

        foreach (Subscription subscription in subscriptions)
        {
            if (!subscription.IsExpired(now) && subscription.Matches(ended))
            {
                messages.Add(Message(DeliveryKind.End, ended, subscription.Webhook, subscription, body ??= Render(ended), now));
            }
        }

        return messages;
    }

    /// <summary>The messages that a change before or after the end calls for.</summary>
    /// <param name="status">The newest snapshot.</param>
    /// <param name="subscriptions">Those of its owner.</param>
    /// <param name="now">Decides which of them have expired.</param>
    public static IEnumerable<Delivery> AtChange(OperationStatus status, IReadOnlyCollection<Subscription> subscriptions, DateTimeOffset now) =>
        from subscription in subscriptions
        where subscription.EveryChange
            && !subscription.IsExpired(now)
            && subscription.Matches(status.Operation)
            && status.Operation.UpdatedAt >= subscription.CreatedAt
        select Message(DeliveryKind.Change, status.Operation, subscription.Webhook, subscription, status.Json.ToArray(), now);

    public static Delivery Test(Subscription subscription, string subscriptionUri, string baseUri, string? traceParent, DateTimeOffset now) => Ready(now, new()
    {
        Id = Delivery.NewId(now),
        Owner = subscription.Owner,
        Kind = DeliveryKind.Test,
        BaseUri = baseUri,
        Subscription = subscription.Id,
        Target = subscription.Webhook,
        TraceParent = traceParent,
        CreatedAt = now,
        Body = JsonSerializer.SerializeToUtf8Bytes(new { type = "test", subscription = subscriptionUri, at = now.UtcDateTime.ToString(StatusJson.InstantFormat, CultureInfo.InvariantCulture) }),
    });

    private static Delivery Message(DeliveryKind kind, Operation operation, string target, Subscription? subscription, byte[] body, DateTimeOffset now)
    {
        var message = new Delivery
        {
            Id = Delivery.NewId(now),
            Owner = operation.Owner,
            Kind = kind,
            Operation = operation.Key,
            BaseUri = operation.BaseUri,
            Version = operation.Version,
            Subscription = subscription?.Id,
            Target = target,
            TraceParent = operation.TraceParent,
            CreatedAt = now,
            Body = body,
        };
        return subscription is null or { State: SubscriptionState.Active } ? Ready(now, message) : message;
    }

    /// <summary>A message to a mailbox is never due: it lies there until it is fetched.</summary>
    private static Delivery Ready(DateTimeOffset now, Delivery message) =>
        WebhookTarget.MailboxOf(message.Target) is null ? message with { DueAt = now } : message with { ReceivedAt = now };

    private static byte[] Render(Operation operation) => new OperationStatus(operation).Json.ToArray();
}
