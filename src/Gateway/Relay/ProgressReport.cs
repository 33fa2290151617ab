using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Operations.Schemas;
using RealtimeOps.Watch;

namespace RealtimeOps.Relay;

/// <summary>The body of a PATCH: how far it is and what it does. An empty one is a sign of life.</summary>
internal sealed record ProgressReport(int? Progress, string? Activity)
{
    public static readonly ProgressReport SignOfLife = new(null, null);

    private const int Longest = 64 * 1024;
    private const int LongestActivity = 1000;

    /// <exception cref="ProblemException">It is something else.</exception>
    public static async Task<ProgressReport> ReadAsync(HttpContext context)
    {
        try
        {
            byte[] body = await BoundedBody.ReadAsync(context.Request, Longest, context.RequestAborted);
            using JsonDocument document = JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
            return document.RootElement.ValueKind is JsonValueKind.Object ? Read(document.RootElement) : throw Bad("", "must be an object with 'progress' and 'activity'");
        }
        catch (PayloadTooLargeException)
        {
            throw new ProblemException(Problems.ForStatus(413));
        }
        catch (JsonException)
        {
            throw Bad("", "is not well-formed JSON");
        }
    }

    private static ProgressReport Read(JsonElement report)
    {
        int? progress = null;
        if (report.TryGetProperty("progress", out JsonElement percent))
        {
            progress = percent.ValueKind is JsonValueKind.Number && percent.TryGetDouble(out double value) && value is >= 0 and <= 100 ? (int)value : throw Bad("/progress", "must be a number from 0 to 100");
        }

        string? activity = null;
        if (report.TryGetProperty("activity", out JsonElement text))
        {
            activity = text.ValueKind is JsonValueKind.String && JsonText.Of(text) is { Length: <= LongestActivity } words ? words : throw Bad("/activity", $"must be a text of at most {LongestActivity} characters");
        }

        return new ProgressReport(progress, activity);
    }

    private static ProblemException Bad(string pointer, string fault) => new(InvalidInput.Problem([new InputFault(pointer, fault)]));
}
