using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Hosting;

namespace RealtimeOps.Relay;

/// <summary>All relayed paths of this server, and the operation types that they are.</summary>
internal sealed class RelayRoutes
{
    private readonly FrozenDictionary<string, RelayRoute> _byType;

    public RelayRoutes(IOptions<RealtimeOpsOptions> options)
    {
        All = [.. options.Value.Relay.Routes.Select(route => new RelayRoute(route))];
        _byType = All.ToFrozenDictionary(route => route.Type, StringComparer.Ordinal);
    }

    public IReadOnlyList<RelayRoute> All { get; }

    /// <summary>Bodies of any media type go through.</summary>
    public IEnumerable<OperationRegistration> Registrations =>
        All.Select(route => new OperationRegistration(route.Type, route.Description, ["*/*"], Schema: null, new StreamInvoker<RelayHandler>()) { Route = route.Path });

    /// <summary>The types that a configuration adds, whether its routes are good or not.</summary>
    public static IEnumerable<string> TypesIn(IConfiguration configuration) =>
        configuration.GetSection("Relay:Routes").GetChildren().Select(route => route["Type"] ?? RelayRoute.TypeOf(route["Path"] ?? ""));

    public RelayRoute Of(string type) => _byType[type];
}
