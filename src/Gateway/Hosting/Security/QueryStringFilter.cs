using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting.Security;

/// <summary>
/// The hub's credential and signed links stand in query strings, since browsers can put them nowhere else. The framework logs those: the web host
/// every request's, and the hub the arguments of calls; and both the HTTP server and the hub what they cannot read, credentials and all. They are kept from doing so, unless a rule for the very category says otherwise.
/// </summary>
internal sealed class QueryStringFilter : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly (string Category, LogLevel From)[] Quieted =
    [
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning),
        ("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.Information),
        ("Microsoft.AspNetCore.SignalR.HubConnectionContext", LogLevel.Information),
        ("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Information),
    ];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        foreach ((string category, LogLevel from) in Quieted)
        {
            if (!options.Rules.Any(rule => rule.CategoryName == category))
            {
                options.Rules.Add(new LoggerFilterRule(providerName: null, category, from, filter: null));
            }
        }
    }
}
