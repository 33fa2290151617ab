using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting;

/// <summary>With no credentials configured everybody may do everything, so only this machine may ask: any other address is refused before it is bound.</summary>
internal sealed class LoopbackGuard(IOptions<RealtimeOpsOptions> settings) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.ConfigureEndpointDefaults(endpoint =>
        {
            // Looked at only now: the faults of the settings have been told by then, all at once.
            if (!settings.Value.Security.HasCredentials && endpoint.EndPoint is IPEndPoint { Address: var address } && !IPAddress.IsLoopback(address))
            {
                throw new StartupException(
                    $"The server was told to listen on {endpoint.EndPoint}, where others can reach it, but no credentials are configured. Configure some (Security:ApiKeys or Security:Jwt), or listen on a loopback address such as http://localhost:5080.");
            }
        });
    }
}
