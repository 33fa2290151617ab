using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting;

/// <summary>
/// What the server cuts before a request reaches the gateway. It can answer with a bare code only, so its limits for request line and headers stand at twice those of
/// <see cref="RequestLimits"/>, which explains its refusals.
/// </summary>
internal sealed class KestrelLimits(IOptions<RealtimeOpsOptions> settings) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options)
    {
        LimitOptions limits = settings.Value.Limits;
        options.Limits.MaxRequestLineSize = limits.RequestLine * 2;
        options.Limits.MaxRequestHeadersTotalSize = limits.Headers * 2;
        // The read buffer must hold a whole request line.
        options.Limits.MaxRequestBufferSize = Math.Max(options.Limits.MaxRequestBufferSize ?? 0, limits.RequestLine * 2);
        options.Limits.RequestHeadersTimeout = limits.HeadersTimeout;
        MinDataRate? pace = limits.SlowestPace == 0 ? null : new MinDataRate(limits.SlowestPace, limits.PaceGrace);
        options.Limits.MinRequestBodyDataRate = pace;
        options.Limits.MinResponseDataRate = pace;
        if (limits.Connections > 0)
        {
            // WebSockets count apart.
            options.Limits.MaxConcurrentConnections = limits.Connections;
            options.Limits.MaxConcurrentUpgradedConnections = limits.Connections;
        }
    }
}
