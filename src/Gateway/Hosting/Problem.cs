using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace RealtimeOps.Hosting;

/// <summary>An RFC 9457 problem: what was wrong and what to do.</summary>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Name">The last part of its type, <c>urn:realtimeops:NAME</c>.</param>
/// <param name="Title">The kind of problem.</param>
/// <param name="Detail">This case of it.</param>
internal sealed record Problem(int Status, string Name, string Title, string Detail)
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Seconds for the <c>Retry-After</c> header.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The <c>WWW-Authenticate</c> header.</summary>
    public string? Challenge { get; init; }

    /// <summary>The <c>Allow</c> header.</summary>
    public string? Allow { get; init; }

    /// <summary>Writes members of this kind of problem.</summary>
    public Action<Utf8JsonWriter>? Extensions { get; init; }

    public async Task WriteAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (Challenge is not null)
        {
            response.Headers.WWWAuthenticate = Challenge;
        }

        if (Allow is not null)
        {
            response.Headers.Allow = Allow;
        }

        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "urn:realtimeops:" + Name);
            json.WriteString("title"u8, Title);
            json.WriteNumber("status"u8, Status);
            json.WriteString("detail"u8, Detail);
            json.WriteString("instance"u8, context.Request.PathBase + context.Request.Path);
            json.WriteString("traceId"u8, Telemetry.TraceId(context));
            Extensions?.Invoke(json);
            json.WriteEndObject();
        }

        response.ContentType = "application/problem+json";
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem => problem;
}
