using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Watch;

/// <summary>Under which address the caller reaches the gateway: as configured, or as it asked (trusted proxies' headers are applied before).</summary>
internal sealed class BaseUri(IOptions<RealtimeOpsOptions> options)
{
    private readonly string? _configured = options.Value.PublicUrl?.AbsoluteUri.TrimEnd('/');

    public string Of(HttpRequest request) => _configured ?? $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase.ToUriComponent()}";
}
