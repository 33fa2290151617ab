using System.Text.Json;
using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>How messages look on the wire. A member without a value is absent, never null.</summary>
internal static class DeliveryJson
{
    private static readonly string[] States = ["pending", "delivered", "dead", "refused"];

    public static string Uri(string baseUri, Delivery delivery) => $"{baseUri}/deliveries/{delivery.Id}";

    public static bool TryState(string? name, out DeliveryState state)
    {
        int index = Array.IndexOf(States, name);
        state = (DeliveryState)index;
        return index >= 0;
    }

    public static void Write(Utf8JsonWriter json, Delivery delivery, string baseUri)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, delivery.Id);
        json.WriteString("uri"u8, Uri(baseUri, delivery));
        if (delivery.Operation is { } operation)
        {
            json.WriteString("operation"u8, delivery.BaseUri + operation.Path);
        }

        if (delivery.Subscription is { } subscription)
        {
            json.WriteString("subscription"u8, $"{baseUri}/subscriptions/{subscription}");
        }

        json.WriteString("webhook"u8, delivery.Target);
        json.WriteString("state"u8, States[(int)delivery.State]);
        StatusJson.WriteInstant(json, "createdAt"u8, delivery.CreatedAt);
        json.WriteStartArray("attempts"u8);
        foreach (DeliveryAttempt attempt in delivery.Attempts)
        {
            Write(json, attempt);
        }

        json.WriteEndArray();
        if (delivery is { State: DeliveryState.Pending, LeaseUntil: null })
        {
            StatusJson.WriteInstant(json, "nextAttemptAt"u8, delivery.DueAt);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DeliveryAttempt attempt)
    {
        json.WriteStartObject();
        StatusJson.WriteInstant(json, "at"u8, attempt.At);
        if (attempt.Status is { } status)
        {
            json.WriteNumber("status"u8, status);
        }

        json.WriteNumber("durationMs"u8, (long)attempt.Duration.TotalMilliseconds);
        if (attempt.Error is { } error)
        {
            json.WriteString("error"u8, error);
        }

        if (attempt.Answer is { } answer)
        {
            json.WriteString("answer"u8, answer);
        }

        json.WriteEndObject();
    }
}
