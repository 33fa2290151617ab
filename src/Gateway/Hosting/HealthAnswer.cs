using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RealtimeOps.Hosting;

/// <summary>
/// How health looks on the wire: the worst of all checks, and each of them with its reason. Anybody may read it, so reasons are the sentences of the checks; what an exception says is for
/// the log, where it may name hosts, users and paths.
/// </summary>
internal static class HealthAnswer
{
    private const string Untold = "The check has failed; the log tells why.";

    public static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, Name(report.Status));
            json.WriteStartArray("checks"u8);
            foreach ((string name, HealthReportEntry check) in report.Entries)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, name);
                json.WriteString("status"u8, Name(check.Status));
                if ((check.Exception is null ? check.Description : Untold) is { } reason)
                {
                    json.WriteString("reason"u8, reason);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    private static string Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
