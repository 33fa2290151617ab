using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Operations.Schemas;

namespace RealtimeOps.Watch;

/// <summary>Reads the body <c>{"expiresAt": …}</c>.</summary>
internal static class ExpiryBody
{
    private const int Longest = 4096;

    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    /// <exception cref="ProblemException">It holds none.</exception>
    public static async Task<DateTimeOffset> ReadAsync(HttpContext context, DateTimeOffset now)
    {
        const string wanted = "Send {\"expiresAt\": \"…\"} with an RFC 3339 instant in the future, ten years ahead at most.";
        if (!context.Request.HasJsonContentType())
        {
            throw new ProblemException(Problems.ForStatus(415));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(await BoundedBody.ReadAsync(context.Request, Longest, context.RequestAborted));
            if (document.RootElement.ValueKind is JsonValueKind.Object
                && document.RootElement.TryGetProperty("expiresAt", out JsonElement value)
                && value.ValueKind is JsonValueKind.String
                && JsonText.Of(value) is { } text
                && SubmissionOptions.TryInstant(text, out DateTimeOffset instant)
                && instant > now && instant <= now + LongestLife)
            {
                return instant;
            }
        }
        catch (PayloadTooLargeException)
        {
            throw new ProblemException(Problems.ForStatus(413));
        }
        catch (JsonException)
        {
            // Answered below like any other body that is not what is wanted.
        }

        throw new ProblemException(InvalidInput.Problem([new InputFault("/expiresAt", "must be an RFC 3339 instant in the future")]) with { Detail = wanted });
    }
}
