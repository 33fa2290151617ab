using System.Text.Json;
using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>How subscriptions look on the wire. A member without a value is absent, never null.</summary>
internal static class SubscriptionJson
{
    private static readonly string[] States = ["active", "paused", "disabled"];

    public static string Uri(string baseUri, Subscription subscription) => $"{baseUri}/subscriptions/{subscription.Id}";

    /// <summary>A secret is shown once, to whoever had it made.</summary>
    public static void Write(Utf8JsonWriter json, Subscription subscription, string baseUri, string? secret = null)
    {
        json.WriteStartObject();
        json.WriteString("uri"u8, Uri(baseUri, subscription));
        json.WriteString("id"u8, subscription.Id);
        json.WriteString("webhook"u8, subscription.Webhook);
        WriteList(json, "types", subscription.Types);
        WriteList(json, "states", [.. subscription.States.Select(state => state.Name())]);
        if (subscription.Tags.Count > 0)
        {
            json.WriteStartObject("tags"u8);
            foreach ((string name, string value) in subscription.Tags)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        json.WriteString("events"u8, subscription.EveryChange ? "changes" : "completed");
        json.WriteString("state"u8, States[(int)subscription.State]);
        if (subscription.DisabledReason is { } reason)
        {
            json.WriteString("disabledReason"u8, reason);
        }

        StatusJson.WriteInstant(json, "failingSince"u8, subscription.FailingSince);
        StatusJson.WriteInstant(json, "createdAt"u8, subscription.CreatedAt);
        StatusJson.WriteInstant(json, "expiresAt"u8, subscription.ExpiresAt);
        if (secret is not null)
        {
            json.WriteString("secret"u8, secret);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            json.WriteStartArray(name);
            foreach (string value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }
    }
}
