using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting;

/// <summary>
/// Keeps pages of foreign origins off the hub. Browsers let any page open a WebSocket anywhere, and CORS does not hold there: without this,
/// every site that a developer visits could read what runs on their machine. And lets nobody in once the server shuts down: SignalR has closed
/// its connections by then, and would keep a new one, and with it the process, until the shut-down's last second.
/// </summary>
internal sealed class HubGuard(RequestDelegate next, IOptions<RealtimeOpsOptions> options, IHostApplicationLifetime lifetime)
{
    /// <exception cref="ProblemException">The request may not go on.</exception>
    public Task InvokeAsync(HttpContext context)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new ProblemException(Problems.ShuttingDown);
        }

        string? origin = context.Request.Headers.Origin;
        return string.IsNullOrEmpty(origin) || IsOwn(origin, context.Request) || options.Value.Cors.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase)
            ? next(context)
            : throw new ProblemException(Problems.ForeignOrigin(origin));
    }

    /// <summary>Only hosts are compared: behind a proxy that ends TLS the schemes differ.</summary>
    private bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
        && (IsHost(uri, request.Host) || (options.Value.PublicUrl is { } publicUrl && uri.Authority == publicUrl.Authority));

    /// <summary>Browsers leave the default port out.</summary>
    private static bool IsHost(Uri origin, HostString host) =>
        string.Equals(origin.Host, host.Host, StringComparison.OrdinalIgnoreCase) && (host.Port is { } port ? port == origin.Port : origin.IsDefaultPort);
}
