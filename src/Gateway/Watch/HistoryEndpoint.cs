using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.Watch.Callbacks;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch;

/// <summary>GET on <c>/history</c>: everything recorded of an operation, oldest first.</summary>
internal sealed class HistoryEndpoint(OperationLookup lookup, IOperationStore store, IDeliveryStore deliveries, OperationFeed feed, BaseUri baseUri)
{
    private const int MostDeliveries = 200;

    public async Task HandleAsync(HttpContext context)
    {
        LiveOperation live = await lookup.RequireAsync(context);
        try
        {
            await feed.FlushContactsAsync();
        }
        catch (StoreUnavailableException)
        {
            // The newest contacts are missing then; the rest can still be read.
        }

        var (events, contacts) = await store.ReadHistoryAsync(live.Durable.Sequence, context.RequestAborted);
        List<(DateTimeOffset At, Action<Utf8JsonWriter> Write)> others = await OthersAsync(context, live.Durable, contacts);
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, StatusJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartArray("events"u8);
            int next = 0;
            foreach (HistoryEvent happened in events)
            {
                for (; next < others.Count && others[next].At < happened.At; next++)
                {
                    others[next].Write(json);
                }

                Write(json, happened, live.Durable);
            }

            for (; next < others.Count; next++)
            {
                others[next].Write(json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    /// <summary>What is recorded elsewhere: contacts, and the tries of the messages that told of the end.</summary>
    private async Task<List<(DateTimeOffset At, Action<Utf8JsonWriter> Write)>> OthersAsync(HttpContext context, Operation operation, IReadOnlyList<OperationContact> contacts)
    {
        var filter = new DeliveryFilter { Owner = operation.Owner, Operation = operation.Key };
        IReadOnlyList<Delivery> messages = await deliveries.ListAsync(filter, long.MaxValue, MostDeliveries, context.RequestAborted);
        string root = baseUri.Of(context.Request);
        return
        [
            .. contacts.Select(contact => (contact.FirstAt, (Action<Utf8JsonWriter>)(json => Write(json, contact))))
                .Concat(
                    from message in messages
                    where message.Kind is DeliveryKind.End
                    from attempt in message.Attempts
                    select (attempt.At, (Action<Utf8JsonWriter>)(json => Write(json, message, attempt, root))))
                .OrderBy(other => other.Item1),
        ];
    }

    private static void Write(Utf8JsonWriter json, Delivery message, DeliveryAttempt attempt, string root)
    {
        json.WriteStartObject();
        StatusJson.WriteInstant(json, "at"u8, attempt.At);
        json.WriteString("event"u8, HistoryEvent.Delivery);
        json.WriteString("uri"u8, DeliveryJson.Uri(root, message));
        json.WriteString("webhook"u8, message.Target);
        if (attempt.Status is { } status)
        {
            json.WriteNumber("status"u8, status);
        }

        if (attempt.Error is { } error)
        {
            json.WriteString("error"u8, error);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HistoryEvent happened, Operation operation)
    {
        json.WriteStartObject();
        StatusJson.WriteInstant(json, "at"u8, happened.At);
        json.WriteString("event"u8, happened.Event);
        if (happened.Attempt is { } attempt)
        {
            json.WriteNumber("attempt"u8, attempt);
        }

        if (happened.Detail is { } detail)
        {
            (string name, string value) = happened.Event switch
            {
                HistoryEvent.Activity => ("activity", detail),
                HistoryEvent.ExpiryMoved => ("expiresAt", detail),
                HistoryEvent.Resubmitted => ("uri", $"{operation.BaseUri}/operations/{detail}"),
                _ => ("message", detail),
            };
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, OperationContact contact)
    {
        json.WriteStartObject();
        StatusJson.WriteInstant(json, "at"u8, contact.FirstAt);
        json.WriteString("event"u8, HistoryEvent.Contact);
        json.WriteString("way"u8, contact.Way);
        StatusJson.WriteInstant(json, "firstAt"u8, contact.FirstAt);
        StatusJson.WriteInstant(json, "lastAt"u8, contact.LastAt);
        json.WriteNumber("count"u8, contact.Count);
        json.WriteEndObject();
    }
}
