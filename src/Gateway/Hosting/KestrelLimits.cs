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
        try
        {
            Configure(options.Limits, settings.Value.Limits);

            if (settings.Value.Relay.Routes.Count > 0)
            {
                // What a relayed service has in its headers goes back byte for byte. It costs every answer something, so only where there is one.
                options.ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.Latin1;
            }
        }
        catch (OptionsValidationException)
        {
            // The server is made before the settings are checked, which tells all their faults at once; it does not start then.
        }
    }

    private static void Configure(KestrelServerLimits kestrel, LimitOptions limits)
    {
        kestrel.MaxRequestLineSize = limits.RequestLine * 2;
        kestrel.MaxRequestHeadersTotalSize = limits.Headers * 2;
        if (kestrel.MaxRequestBufferSize is { } buffer)
        {
            // Kestrel wants both to fit in.
            kestrel.MaxRequestBufferSize = Math.Max(buffer, 2L * Math.Max(limits.RequestLine, limits.Headers));
        }

        kestrel.RequestHeadersTimeout = limits.HeadersTimeout;
        MinDataRate? pace = limits.SlowestPace == 0 ? null : new MinDataRate(limits.SlowestPace, limits.PaceGrace);
        kestrel.MinRequestBodyDataRate = pace;
        kestrel.MinResponseDataRate = pace;
        if (limits.Connections > 0)
        {
            // WebSockets count apart.
            kestrel.MaxConcurrentConnections = limits.Connections;
            kestrel.MaxConcurrentUpgradedConnections = limits.Connections;
        }
    }
}
