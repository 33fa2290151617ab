using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using RealtimeOps.Relay;
using RealtimeOps.Watch;
using RealtimeOps.Watch.Callbacks;
using RealtimeOps.Watch.Description;

namespace RealtimeOps;

/// <summary>Puts the gateway's routes into a program.</summary>
public static class RealtimeOpsEndpointRouteBuilderExtensions
{
    private static readonly HttpMethodMetadata ForReading = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>Maps everything that the gateway serves: operations, their types, callbacks, health, and the OpenAPI document of all that at <c>/openapi/v1.json</c>.</summary>
    /// <param name="routes">The program's routes.</param>
    public static IEndpointRouteBuilder MapRealtimeOps(this IEndpointRouteBuilder routes)
    {
        // All faults of the configuration at once, before a part that is made below meets the first of them.
        routes.ServiceProvider.GetService<IStartupValidator>()?.Validate();
        routes.MapOperations();
        routes.MapCallbacks();
        routes.MapRelay();
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = HealthAnswer.WriteAsync }).WithDisplayName("Whether the process answers").WithMetadata(ServerDoors.Live, ForReading);
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready"), ResponseWriter = HealthAnswer.WriteAsync }).WithDisplayName("Whether it can serve").WithMetadata(ServerDoors.Ready, ForReading);
        return routes;
    }
}
