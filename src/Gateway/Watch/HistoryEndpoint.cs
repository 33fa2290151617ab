using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>GET on <c>/history</c>: everything recorded of an operation, oldest first.</summary>
internal sealed class HistoryEndpoint(OperationLookup lookup, IOperationStore store, OperationFeed feed)
{
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
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, StatusJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartArray("events"u8);
            int next = 0;
            foreach (HistoryEvent happened in events)
            {
                for (; next < contacts.Count && contacts[next].FirstAt < happened.At; next++)
                {
                    Write(json, contacts[next]);
                }

                Write(json, happened, live.Durable);
            }

            for (; next < contacts.Count; next++)
            {
                Write(json, contacts[next]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
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
