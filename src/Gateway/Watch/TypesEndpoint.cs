using System.Buffers;
using System.Text.Json;
using System.Xml;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>GET on <c>/operation-types</c>: what can be submitted here, and how its input looks. Does not change while the server runs; a caller that is limited to types sees those.</summary>
internal sealed class TypesEndpoint(OperationTypes types)
{
    private readonly Lazy<byte[]> _all = new(() => Render(types.All));

    public Task HandleAsync(HttpContext context)
    {
        var caller = Caller.Of(context);
        byte[] body = caller.Types is null ? _all.Value : Render(types.All.Where(type => caller.MayUse(type.Name)));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static byte[] Render(IEnumerable<OperationType> types)
    {
        var body = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(body, StatusJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartArray("types"u8);
            foreach (OperationType type in types)
            {
                Write(json, type);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, OperationType type)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, type.Name);
        json.WriteString("description"u8, type.Description);
        json.WriteStartArray("mediaTypes"u8);
        foreach (string mediaType in type.MediaTypes)
        {
            json.WriteStringValue(mediaType);
        }

        json.WriteEndArray();
        if (type.Route is { } route)
        {
            json.WriteString("route"u8, route);
        }

        if (type.InputSchemaDocument is { } schema)
        {
            json.WritePropertyName("inputSchema"u8);
            schema.WriteTo(json);
        }

        if (type.Timeout is { } timeout)
        {
            json.WriteString("timeout"u8, XmlConvert.ToString(timeout));
        }

        json.WriteNumber("retries"u8, type.Retries);
        json.WriteString("queue"u8, type.Queue);
        json.WriteEndObject();
    }
}
