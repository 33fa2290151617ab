using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Watch;

namespace RealtimeOps.Relay;

/// <summary>The configured routes, and where the services behind them report to.</summary>
internal static class RelayApi
{
    private const string Report = "/operations/{type}/{id}/report";

    private static readonly string[] Submitting = [HttpMethods.Put, HttpMethods.Post, HttpMethods.Delete];
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapRelay(this IEndpointRouteBuilder routes)
    {
        var reports = routes.ServiceProvider.GetRequiredService<ReportEndpoint>();
        var submit = routes.ServiceProvider.GetRequiredService<RelayEndpoint>();
        var pass = routes.ServiceProvider.GetRequiredService<PassThrough>();

        routes.Map(HttpMethods.Patch, Report, reports.PatchAsync, "Report progress", AccessRules.Report, RelayDoors.Progress);
        routes.Map(HttpMethods.Post, Report, reports.PostAsync, "Report the outcome", AccessRules.Report, RelayDoors.Outcome);
        foreach (RelayRoute route in routes.ServiceProvider.GetRequiredService<RelayRoutes>().All)
        {
            routes.Map(route, Submitting, context => submit.HandleAsync(context, route), "Submit to " + route.Path, AccessRules.Submit);
            if (route.PassesGet)
            {
                routes.Map(route, Reading, context => pass.HandleAsync(context, route), "Read " + route.Path, AccessRules.SubmitOrRead);
            }
        }
    }

    /// <summary>The type is a value of the route, so that callers are limited to types here as elsewhere.</summary>
    private static void Map(this IEndpointRouteBuilder routes, RelayRoute route, string[] methods, RequestDelegate handler, string name, AccessRule rule)
    {
        RoutePattern pattern = RoutePatternFactory.Parse(route.TakesAllBelow ? route.Prefix + "/{**path}" : route.Prefix, new { type = route.Type }, parameterPolicies: null);
        routes.Map(pattern, handler).WithMetadata(new HttpMethodMetadata(methods)).WithDisplayName(name).RequireScope(routes.ServiceProvider.GetRequiredService<Gate>(), rule);
    }
}
