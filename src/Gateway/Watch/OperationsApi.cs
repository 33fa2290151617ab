using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Watch.Callbacks;

namespace RealtimeOps.Watch;

/// <summary>The table of the gateway's routes.</summary>
internal static class OperationsApi
{
    private const string Type = "/operations/{type}";
    private const string Operation = Type + "/{id}";

    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var submit = routes.ServiceProvider.GetRequiredService<SubmitEndpoint>();
        var status = routes.ServiceProvider.GetRequiredService<StatusEndpoint>();
        var result = routes.ServiceProvider.GetRequiredService<ResultEndpoint>();
        var list = routes.ServiceProvider.GetRequiredService<ListEndpoint>();
        var lifetime = routes.ServiceProvider.GetRequiredService<LifetimeEndpoints>();
        var history = routes.ServiceProvider.GetRequiredService<HistoryEndpoint>();
        var deliveries = routes.ServiceProvider.GetRequiredService<DeliveriesEndpoint>();
        var links = routes.ServiceProvider.GetRequiredService<LinksEndpoint>();
        var types = routes.ServiceProvider.GetRequiredService<TypesEndpoint>();
        var session = routes.ServiceProvider.GetRequiredService<SessionEndpoint>();

        routes.MapHub<OperationsHub>("/hubs/operations").RequireScope(routes.ServiceProvider.GetRequiredService<Gate>(), AccessRules.Hub);
        Get(routes, "/session", session.Get, "Who am I", AccessRules.Everybody);
        Map(routes, HttpMethods.Post, "/session", session.BeginAsync, "Sign in with a key", AccessRules.Everybody);
        Map(routes, HttpMethods.Delete, "/session", session.End, "Sign out", AccessRules.Everybody);
        Get(routes, "/operation-types", types.HandleAsync, "List operation types", AccessRules.AnyScope);
        Get(routes, "/operations", list.HandleAsync, "List operations", AccessRules.Read);
        Get(routes, Type, list.HandleAsync, "List operations of a type", AccessRules.Read);
        Get(routes, Operation, status.HandleAsync, "Read, await or watch an operation", AccessRules.Status);
        Get(routes, Operation + "/result", result.GetResultAsync, "Read the outcome", AccessRules.Read);
        Get(routes, Operation + "/input", result.GetInputAsync, "Read the input", AccessRules.Read);
        Get(routes, Operation + "/history", history.HandleAsync, "Read the history", AccessRules.Read);
        Get(routes, Operation + "/deliveries", deliveries.ListOfOperationAsync, "List the webhook messages of an operation", AccessRules.Read);
        Map(routes, HttpMethods.Post, Type, submit.HandleAsync, "Submit an operation", AccessRules.Submit);
        Map(routes, HttpMethods.Put, Operation, submit.HandleAsync, "Submit an operation under an id of your own", AccessRules.Submit);
        Map(routes, HttpMethods.Patch, Operation, lifetime.PatchAsync, "Move the expiry", AccessRules.Manage);
        Map(routes, HttpMethods.Delete, Operation, lifetime.DeleteAsync, "Delete, canceling first what runs", AccessRules.Manage);
        Map(routes, HttpMethods.Post, Operation + "/cancel", lifetime.CancelAsync, "Cancel", AccessRules.SubmitOrManage);
        Map(routes, HttpMethods.Post, Operation + "/links", links.CreateAsync, "Make a link that shows the Status without a login", AccessRules.Read);
        Map(routes, HttpMethods.Post, Operation + "/resubmit", lifetime.ResubmitAsync, "Run anew with the same input", AccessRules.SubmitOrManage);
    }

    public static void Get(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler, string name, AccessRule rule) =>
        routes.Map([HttpMethods.Get, HttpMethods.Head], pattern, handler, name, rule);

    public static void Map(this IEndpointRouteBuilder routes, string method, string pattern, RequestDelegate handler, string name, AccessRule rule) =>
        routes.Map([method], pattern, handler, name, rule);

    private static void Map(this IEndpointRouteBuilder routes, string[] methods, string pattern, RequestDelegate handler, string name, AccessRule rule) =>
        routes.MapMethods(pattern, methods, handler).WithDisplayName(name).RequireScope(routes.ServiceProvider.GetRequiredService<Gate>(), rule);
}
