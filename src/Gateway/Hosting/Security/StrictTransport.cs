using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting.Security;

/// <summary>
/// Tells browsers that came by https, here or at a trusted proxy, to come no other way. Not under names of this machine: other programs answer there too, without TLS.
/// </summary>
internal sealed class StrictTransport(RequestDelegate next, IOptions<RealtimeOpsOptions> options)
{
    private readonly string _value = string.Create(CultureInfo.InvariantCulture, $"max-age={(long)options.Value.Security.HstsMaxAge.TotalSeconds}");

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.IsHttps && !IsThisMachine(context.Request.Host.Host))
        {
            // At the last moment: an error answer begins with no headers.
            context.Response.OnStarting(
                static state =>
                {
                    (HttpContext context, string value) = ((HttpContext, string))state;
                    context.Response.Headers.StrictTransportSecurity = value;
                    return Task.CompletedTask;
                },
                (context, _value));
        }

        return next(context);
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (System.Net.IPAddress.TryParse(host, out System.Net.IPAddress? address) && System.Net.IPAddress.IsLoopback(address));
}
