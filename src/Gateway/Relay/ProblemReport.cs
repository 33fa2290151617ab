using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Operations.Schemas;
using RealtimeOps.Watch;

namespace RealtimeOps.Relay;

/// <summary>The problem that a service reports instead of a result becomes the error of its operation.</summary>
internal static class ProblemReport
{
    private const int Longest = 256 * 1024;

    /// <exception cref="ProblemException">It is no problem in JSON.</exception>
    public static async Task<OperationError> ReadAsync(HttpContext context)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(await BoundedBody.ReadAsync(context.Request, Longest, context.RequestAborted));
            JsonElement problem = document.RootElement;
            if (problem.ValueKind is not JsonValueKind.Object)
            {
                throw new ProblemException(Problems.BadRequest("A problem is a JSON object (RFC 9457)."));
            }

            int status = problem.TryGetProperty("status", out JsonElement code) && code.ValueKind is JsonValueKind.Number && code.TryGetInt32(out int number) && number is >= 400 and < 600 ? number : 500;
            string? title = Text(problem, "title");
            return new OperationError(status, title ?? "The service failed", Text(problem, "detail") ?? title ?? "The service reported a failure.") { HttpStatus = status };
        }
        catch (PayloadTooLargeException)
        {
            throw new ProblemException(Problems.ForStatus(413));
        }
        catch (JsonException)
        {
            throw new ProblemException(Problems.BadRequest("The body is not well-formed JSON, as application/problem+json must be."));
        }
    }

    private static string? Text(JsonElement problem, string name) => problem.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? RelayCall.Shorten(JsonText.Of(value)) : null;
}
