using Swashbuckle.AspNetCore.SwaggerUI;

namespace RealtimeOps.Api;

/// <summary>The API's description as pages to read and to try, at <c>/docs</c>: Swagger UI over the gateway's own OpenAPI document.</summary>
internal static class ApiDocs
{
    private const string Path = "/docs";

    /// <summary>As for the web UI. Its pictures are data; the hash is that of the one style element which Swagger UI puts into the page.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseApiDocs(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase))
            {
                IHeaderDictionary headers = context.Response.Headers;
                headers.ContentSecurityPolicy = Policy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
            }

            return next(context);
        });
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = Path[1..];
            options.DocumentTitle = "RealtimeOps API";
            options.SwaggerEndpoint("/openapi/v1.json", "RealtimeOps");
            options.DocExpansion(DocExpansion.List);
            options.DefaultModelsExpandDepth(0);
            options.EnableTryItOutByDefault();
        });
    }
}
