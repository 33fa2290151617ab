using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Operations;
using RealtimeOps.Operations.Schemas;
using RealtimeOps.Watch.Callbacks;

namespace RealtimeOps.Watch;

/// <summary>Signing in and out of the UI, and who one is.</summary>
internal sealed class SessionEndpoint(Sessions sessions, Credentials credentials, TimeProvider time)
{
    private const int Longest = 8192;

    public Task Get(HttpContext context) => Caller.Of(context) is var caller && caller != Caller.Nobody
        ? WriteAsync(context, caller)
        : throw new ProblemException(Problems.Unauthorized("Nobody is signed in. POST {\"key\": …} here, or show a credential.", isInvalid: false));

    /// <summary>An open server has no keys to sign in with, and needs none.</summary>
    public async Task BeginAsync(HttpContext context)
    {
        string shown = await ReadKeyAsync(context);
        if (credentials.IsOpen)
        {
            await WriteAsync(context, Caller.Everybody);
            return;
        }

        ApiKey? key = credentials.Find(shown);
        await WriteAsync(context, key is not null && !key.IsOver(time.GetUtcNow())
            ? sessions.Begin(context, key)
            : throw new ProblemException(Problems.Unauthorized("The key is unknown, expired or revoked.", isInvalid: true)));
    }

    public Task End(HttpContext context)
    {
        sessions.End(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task WriteAsync(HttpContext context, Caller caller)
    {
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("name"u8, caller.Name);
            json.WriteStartArray("scopes"u8);
            foreach (string scope in ScopeNames.Of(caller.Scopes))
            {
                json.WriteStringValue(scope);
            }

            json.WriteEndArray();
            if (caller.Types is { } types)
            {
                json.WriteStartArray("types"u8);
                foreach (string type in types.Order(StringComparer.Ordinal))
                {
                    json.WriteStringValue(type);
                }

                json.WriteEndArray();
            }

            if (caller.Credential?.ExpiresAt is { } expiresAt)
            {
                StatusJson.WriteInstant(json, "expiresAt"u8, expiresAt);
            }

            json.WriteBoolean("required"u8, !credentials.IsOpen);
            json.WriteEndObject();
        }, "no-store");
    }

    private static async Task<string> ReadKeyAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new ProblemException(Problems.ForStatus(415));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(await BoundedBody.ReadAsync(context.Request, Longest, context.RequestAborted));
            if (document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty("key", out JsonElement key) && key.ValueKind is JsonValueKind.String && JsonText.Of(key) is { } text)
            {
                return text;
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

        throw new ProblemException(InvalidInput.Problem([new InputFault("/key", "must be the text of an API key")]));
    }
}
