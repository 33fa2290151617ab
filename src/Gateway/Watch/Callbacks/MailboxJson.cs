using System.Text.Json;
using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>How mailboxes and their messages look on the wire.</summary>
internal static class MailboxJson
{
    public static void Write(Utf8JsonWriter json, Mailbox mailbox, string baseUri)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, mailbox.Name);
        json.WriteString("uri"u8, $"{baseUri}/mailboxes/{mailbox.Name}");
        json.WriteNumber("pending"u8, mailbox.Pending);
        json.WriteEndObject();
    }

    /// <summary>The message as a webhook would get it: signed at the time it is given out, so that receivers who look at the timestamp take it however long it lay.</summary>
    public static void Write(Utf8JsonWriter json, MailboxMessage message, MessageSigner signer, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, message.Id);
        StatusJson.WriteInstant(json, "receivedAt"u8, message.ReceivedAt);
        json.WriteStartObject("headers"u8);
        foreach ((string name, string value) in signer.Headers(message.Id, message.Body, message.Secrets, now))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteString("body"u8, message.Body);
        json.WriteEndObject();
    }
}
