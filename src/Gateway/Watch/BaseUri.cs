using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Watch;

/// <summary>Under which address the caller reaches the gateway: as configured, or as it asked (trusted proxies' headers are applied before).</summary>
internal sealed class BaseUri(IOptions<RealtimeOpsOptions> options)
{
    private readonly string? _configured = options.Value.PublicUrl?.AbsoluteUri.TrimEnd('/');

    public string Of(HttpRequest request) => _configured ?? $"{Scheme(request)}://{Host(request)}{request.PathBase.ToUriComponent().TrimEnd('/')}";

    private static string Scheme(HttpRequest request) => string.Equals(request.Scheme, "https", StringComparison.OrdinalIgnoreCase) ? "https" : "http";

    /// <summary>HTTP/1.0 knows no Host: then the address that was connected to.</summary>
    private static string Host(HttpRequest request)
    {
        ConnectionInfo connection = request.HttpContext.Connection;
        return request.Host.HasValue || connection.LocalIpAddress is null
            ? request.Host.ToUriComponent()
            : new IPEndPoint(connection.LocalIpAddress, connection.LocalPort).ToString();
    }
}
