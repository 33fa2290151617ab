using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch.Description;

/// <summary>
/// GET on <c>/openapi/v1.json</c>. Made when it is first asked for, from the routes that there are. Everybody may read it; the operation types in it are
/// those that the caller may use, so strangers to a server with credentials see none.
/// </summary>
internal sealed class DescriptionEndpoint(EndpointDataSource endpoints, OperationTypes types, IOptions<RealtimeOpsOptions> options)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    private readonly Lazy<JsonObject> _common = new(() => Common(endpoints, options.Value.PublicUrl));
    private Dictionary<string, byte[]> _documents = [];

    public async Task HandleAsync(HttpContext context)
    {
        byte[] body = DocumentFor(Caller.Of(context));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.Vary = "Authorization, X-Api-Key, Cookie";
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private byte[] DocumentFor(Caller caller)
    {
        OperationType[] seen = caller.HasAny(Scopes.All) ? [.. types.All.Where(type => caller.MayUse(type.Name))] : [];
        string names = string.Join(' ', seen.Select(type => type.Name));
        if (!_documents.TryGetValue(names, out byte[]? document))
        {
            document = Render(seen);
            // Replaced, not changed: others read it meanwhile. Two that come at once do the same work twice.
            _documents = new(_documents) { [names] = document };
        }

        return document;
    }

    private byte[] Render(OperationType[] seen)
    {
        JsonObject document = _common.Value.DeepClone().AsObject();
        foreach (OperationType type in seen)
        {
            TypePaths.AddTo(document, type);
        }

        return Encoding.UTF8.GetBytes(document.ToJsonString(Readable));
    }

    private static JsonObject Common(EndpointDataSource endpoints, Uri? publicUrl)
    {
        JsonObject document = DescriptionParts.Read();
        if (publicUrl is not null)
        {
            document["servers"]![0]!["url"] = publicUrl.AbsoluteUri.TrimEnd('/');
        }

        var paths = new JsonObject();
        foreach (RouteEndpoint route in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (route.Metadata.GetMetadata<Door>() is { } door)
            {
                var described = new DescribedRoute(route, door);
                if (paths[described.Path] is not JsonObject path)
                {
                    paths[described.Path] = path = [];
                }

                path[described.Method.ToLowerInvariant()] = described.Describe();
            }
        }

        document["paths"] = paths;
        return document;
    }
}
