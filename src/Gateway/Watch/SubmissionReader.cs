using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Operations.Schemas;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch;

/// <summary>Takes in the body of a submission: JSON is checked against the type's schema, everything else is streamed to the store.</summary>
internal sealed class SubmissionReader(IPayloadStore payloads, TargetRules targets, IOptions<RealtimeOpsOptions> options)
{
    /// <summary>Answers the staged input, and the webhook that a JSON input carries.</summary>
    /// <exception cref="ProblemException">The body cannot be accepted.</exception>
    public async Task<(Payload Input, string? Webhook)> ReadAsync(HttpContext context, OperationType type)
    {
        string mediaType = type.Route is null ? MediaType(context.Request, type) : context.Request.ContentType ?? "application/octet-stream";
        (long limit, string key) = type.Schema is not null && options.Value.Limits.JsonBody < type.MaxInputLength
            ? (options.Value.Limits.JsonBody, "Limits:JsonBody")
            : (type.MaxInputLength, $"Operations:{type.Name}:MaxInputLength");
        if (context.Request.ContentLength > limit)
        {
            throw new ProblemException(TooLarge(limit, key));
        }

        // The limit is enforced here, where the type is known, and answered as a problem.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = null;
        }

        try
        {
            return type.Schema is { } schema
                ? await ReadJsonAsync(context, schema, mediaType, (int)limit)
                : (await payloads.StageAsync(mediaType, context.Request.Body, limit, context.RequestAborted), null);
        }
        catch (PayloadTooLargeException)
        {
            throw new ProblemException(TooLarge(limit, key));
        }
    }

    private async Task<(Payload Input, string? Webhook)> ReadJsonAsync(HttpContext context, InputSchema schema, string mediaType, int limit)
    {
        byte[] body = await BoundedBody.ReadAsync(context.Request, limit, context.RequestAborted);
        string? webhook = Check(body, schema);
        return (await payloads.StageAsync(mediaType, body), webhook);
    }

    private string? Check(byte[] body, InputSchema schema)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = options.Value.Limits.JsonDepth });
            JsonElement input = document.RootElement;
            if (input.ValueKind is not JsonValueKind.Object || !input.TryGetProperty("webhook", out JsonElement webhook))
            {
                Require(schema.Validate(input));
                return null;
            }

            // Before the member can be taken out, all members must be readable.
            var unreadable = new InputFaults();
            InteroperableJson.Check(input, JsonPointer.Root, unreadable);
            Require(unreadable.Faults);
            string? target = webhook.ValueKind is JsonValueKind.String ? webhook.GetString() : null;
            JsonObject rest = JsonObject.Create(input)!;
            rest.Remove("webhook");
            using JsonDocument stripped = JsonSerializer.SerializeToDocument(rest);
            Require([
                .. (target is null ? TargetRules.Wanted : targets.FaultOf(target)) is { } fault ? [new InputFault("/webhook", fault)] : Array.Empty<InputFault>(),
                .. schema.Validate(stripped.RootElement),
            ]);
            return target;
        }
        catch (JsonException malformed)
        {
            throw new ProblemException(InvalidInput.Problem([new InputFault("", Malformed(body, malformed))]));
        }
    }

    private static void Require(IReadOnlyList<InputFault> faults)
    {
        if (faults.Count > 0)
        {
            throw new ProblemException(InvalidInput.Problem(faults));
        }
    }

    private string Malformed(byte[] body, JsonException malformed) =>
        IsTooDeep(body) ? $"is nested deeper than {options.Value.Limits.JsonDepth} levels (Limits:JsonDepth)"
        : malformed.LineNumber is { } line ? $"is not well-formed JSON (line {line + 1}, byte {malformed.BytePositionInLine + 1})" : "is not well-formed JSON";

    /// <summary>Asked of what could not be read: whether its nesting is the first thing that is wrong with it.</summary>
    private bool IsTooDeep(byte[] body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = options.Value.Limits.JsonDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && reader.CurrentDepth >= options.Value.Limits.JsonDepth)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Malformed in another way first.
        }

        return false;
    }

    private static string MediaType(HttpRequest request, OperationType type)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } coding && !string.Equals(coding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(Unsupported("Content-Encoding is not understood here: send the body as it is."));
        }

        string accepted = string.Join(", ", type.MediaTypes);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? given))
        {
            throw new ProblemException(Unsupported($"Say the media type of the body in Content-Type. Operations of type '{type.Name}' accept {accepted}."));
        }

        string name = given.MediaType.Value!;
        if (!type.MediaTypes.Any(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ProblemException(Unsupported($"Operations of type '{type.Name}' accept {accepted}, not '{Problems.Shorten(name)}'."));
        }

        bool isUtf8 = given.Charset.Length == 0 || given.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        return type.Schema is null || isUtf8
            ? request.ContentType!
            : throw new ProblemException(Unsupported("JSON inputs are UTF-8."));
    }

    private static Problem Unsupported(string detail) => new(415, "unsupported-media-type", "Unsupported media type", detail);

    private static Problem TooLarge(long limit, string key) => new(413, "too-large", "Too large", $"The body is longer than the {limit} bytes that this operation type accepts ({key}). Nothing was accepted.");
}
