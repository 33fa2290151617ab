using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting.Security;

namespace RealtimeOps.Hosting;

/// <summary>Puts the gateway's middleware before the program's own, for the gateway's paths only, so that <c>MapRealtimeOps()</c> is all a program needs.</summary>
internal sealed class GatewayPipeline(IOptions<RealtimeOpsOptions> options) : IStartupFilter
{
    /// <summary>What a browser may read of an answer besides its body.</summary>
    private static readonly string[] ExposedHeaders =
        ["Location", "Operation-Location", "Retry-After", "ETag", "Link", "RateLimit", "RateLimit-Policy", "Preference-Applied"];

    private static readonly PathString[] OwnPaths = ["/operations", "/operation-types", "/subscriptions", "/deliveries", "/mailboxes", "/session", "/openapi", "/hubs", "/health", "/hangfire"];

    private readonly PathString[] _paths = [.. OwnPaths, .. options.Value.Relay.Routes.Select(route => new PathString(route.Path!.Replace("/**", "", StringComparison.Ordinal)))];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (options.Value.Proxies.Trusted.Count > 0)
        {
            app.UseForwardedHeaders(ForwardedHeaders());
        }

        if (options.Value.Security.HstsMaxAge > TimeSpan.Zero)
        {
            app.UseMiddleware<StrictTransport>();
        }

        app.UseWhen(IsOurs, gateway =>
        {
            gateway.UseMiddleware<GatewayMiddleware>();
            if (options.Value.Cors.Origins.Count > 0)
            {
                gateway.UseCors(Cors);
            }

            gateway.UseMiddleware<OriginGuard>();
            gateway.UseWhen(static context => context.Request.Path.StartsWithSegments("/hubs", StringComparison.OrdinalIgnoreCase), static hub => hub.UseMiddleware<HubGuard>());
        });
        next(app);
    };

    private bool IsOurs(HttpContext context)
    {
        foreach (PathString path in _paths)
        {
            if (context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private ForwardedHeadersOptions ForwardedHeaders()
    {
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.All,
            ForwardLimit = null,
        };
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (string cidr in options.Value.Proxies.Trusted)
        {
            forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(cidr));
        }

        return forwarded;
    }

    private void Cors(CorsPolicyBuilder policy) => policy
        .WithOrigins([.. options.Value.Cors.Origins])
        .AllowAnyHeader()
        .AllowAnyMethod()
        .AllowCredentials()
        .WithExposedHeaders(ExposedHeaders);
}
