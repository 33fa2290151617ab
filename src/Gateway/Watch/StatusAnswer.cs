using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Operations;
using OperationStatus = RealtimeOps.Operations.OperationStatus;

namespace RealtimeOps.Watch;

/// <summary>Writes a Status as a plain answer: 202 while unfinished, 200 when ended, with the headers that every such answer has.</summary>
internal sealed class StatusAnswer(IExecutionEngine engine, TimeProvider time)
{
    public Task WriteAsync(HttpContext context, OperationStatus status)
    {
        int retryAfter = status.IsFinal ? 0 : Pace.Seconds(status, time.GetUtcNow());
        return WriteAsync(context, status, status.IsFinal ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, retryAfter);
    }

    public Task WriteAsync(HttpContext context, OperationStatus status, int statusCode, int retryAfter)
    {
        SetHeaders(context.Response, status, retryAfter);
        if (AzureProfile.IsAsked(context.Request))
        {
            return WriteBody(context, statusCode, AzureProfile.Render(status));
        }

        return status.State is OperationState.Queued && engine.QueuePosition(status.Key) is { } position
            ? WriteBody(context, statusCode, Render(status, json => json.WriteNumber("queuePosition"u8, position)))
            : WriteBody(context, statusCode, status.Json);
    }

    /// <summary>An answer with members that only it has.</summary>
    public Task WriteAsync(HttpContext context, OperationStatus status, Action<Utf8JsonWriter> extra)
    {
        SetHeaders(context.Response, status, 0);
        return WriteBody(context, StatusCodes.Status200OK, Render(status, extra));
    }

    public static void SetHeaders(HttpResponse response, OperationStatus status, int retryAfter)
    {
        IHeaderDictionary headers = response.Headers;
        headers.ETag = status.ETag;
        headers.CacheControl = "no-cache";
        headers.Link = status.Link;
        headers.Vary = "Accept, Prefer";
        if (retryAfter > 0)
        {
            headers.RetryAfter = Pace.Text(retryAfter);
        }
    }

    private static ReadOnlyMemory<byte> Render(OperationStatus status, Action<Utf8JsonWriter> extra)
    {
        var buffer = new ArrayBufferWriter<byte>(640);
        using var json = new Utf8JsonWriter(buffer, StatusJson.WriterOptions);
        status.WriteTo(json, extra);
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The server flushes at the end of the request: one write a poll.</summary>
    private static Task WriteBody(HttpContext context, int statusCode, ReadOnlyMemory<byte> body)
    {
        HttpResponse response = context.Response;
        response.StatusCode = statusCode;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body.Span);
        return Task.CompletedTask;
    }
}
