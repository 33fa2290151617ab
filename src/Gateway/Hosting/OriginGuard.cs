using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting;

/// <summary>
/// Keeps pages of foreign origins off the hub. Browsers let any page open a WebSocket anywhere, and CORS does not hold there: without this,
/// every site that a developer visits could read what runs on their machine.
/// </summary>
internal sealed class OriginGuard(RequestDelegate next, IOptions<RealtimeOpsOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        string? origin = context.Request.Headers.Origin;
        return string.IsNullOrEmpty(origin) || IsOwn(origin, context.Request) || options.Value.Cors.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase)
            ? next(context)
            : throw new ProblemException(Problems.ForeignOrigin(origin));
    }

    /// <summary>Only hosts are compared: behind a proxy that ends TLS the schemes differ.</summary>
    private bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
        && (request.Host == HostString.FromUriComponent(uri) || (options.Value.PublicUrl is { } publicUrl && HostString.FromUriComponent(publicUrl) == HostString.FromUriComponent(uri)));
}
