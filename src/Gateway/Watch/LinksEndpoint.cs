using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Operations;
using RealtimeOps.Watch.Callbacks;

namespace RealtimeOps.Watch;

/// <summary>POST on <c>/links</c>: a status URI that needs no login, shows the Status and nothing else, and ends.</summary>
internal sealed class LinksEndpoint(OperationLookup lookup, SignedLinks links, BaseUri baseUri, TimeProvider time)
{
    public async Task CreateAsync(HttpContext context)
    {
        Operation operation = (await lookup.RequireAsync(context)).Durable;
        DateTimeOffset expiresAt = await ExpiryBody.ReadAsync(context, time.GetUtcNow());
        string token = links.Sign(new LinkedOperation(operation.Key.Type, operation.Key.Id, operation.CreatedAt), expiresAt);
        string uri = $"{baseUri.Of(context.Request)}{operation.Key.Path}?{SignedLinks.Parameter}={token}";
        context.Response.Headers.Location = uri;
        await JsonAnswer.WriteAsync(context, StatusCodes.Status201Created, json =>
        {
            json.WriteStartObject();
            json.WriteString("uri"u8, uri);
            StatusJson.WriteInstant(json, "expiresAt"u8, expiresAt);
            json.WriteEndObject();
        }, "no-store");
    }
}
