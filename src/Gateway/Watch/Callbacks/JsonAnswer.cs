using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>Answers with a JSON document.</summary>
internal static class JsonAnswer
{
    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write, string cacheControl = "no-cache")
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, StatusJson.WriterOptions))
        {
            write(json);
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        context.Response.Headers.CacheControl = cacheControl;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    /// <summary>A page of a list: as many as were asked for, and a token when one more was found.</summary>
    public static Task WritePageAsync<T>(HttpContext context, string name, IReadOnlyList<T> found, int size, Func<T, string> token, Action<Utf8JsonWriter, T> write) =>
        WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray(name);
            foreach (T item in found.Take(size))
            {
                write(json, item);
            }

            json.WriteEndArray();
            if (found.Count > size)
            {
                json.WriteString("nextPageToken"u8, token(found[size - 1]));
            }

            json.WriteEndObject();
        });
}
