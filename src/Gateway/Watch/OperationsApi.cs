using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Watch.Callbacks;
using RealtimeOps.Watch.Description;

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
        var description = routes.ServiceProvider.GetRequiredService<DescriptionEndpoint>();

        routes.MapHub<OperationsHub>("/hubs/operations").RequireScope(routes.ServiceProvider.GetRequiredService<Gate>(), AccessRules.Hub);
        Get(routes, "/session", session.Get, "Who am I", AccessRules.Everybody, ServerDoors.ReadSession);
        Map(routes, HttpMethods.Post, "/session", session.BeginAsync, "Sign in with a key", AccessRules.Everybody, ServerDoors.SignIn);
        Map(routes, HttpMethods.Delete, "/session", session.End, "Sign out", AccessRules.Everybody, ServerDoors.SignOut);
        Get(routes, "/openapi/v1.json", description.HandleAsync, "This description", AccessRules.Everybody, ServerDoors.OpenApi);
        Get(routes, "/operation-types", types.HandleAsync, "List operation types", AccessRules.AnyScope, ServerDoors.Types);
        Get(routes, "/operations", list.HandleAsync, "List operations", AccessRules.Read, OperationDoors.List);
        Get(routes, Type, list.HandleAsync, "List operations of a type", AccessRules.Read, OperationDoors.ListOfType);
        Get(routes, Operation, status.HandleAsync, "Read, await or watch an operation", AccessRules.Status, OperationDoors.Read);
        Get(routes, Operation + "/result", result.GetResultAsync, "Read the outcome", AccessRules.Read, OperationDoors.Result);
        Get(routes, Operation + "/input", result.GetInputAsync, "Read the input", AccessRules.Read, OperationDoors.Input);
        Get(routes, Operation + "/history", history.HandleAsync, "Read the history", AccessRules.Read, OperationDoors.History);
        Get(routes, Operation + "/deliveries", deliveries.ListOfOperationAsync, "List the webhook messages of an operation", AccessRules.Read, OperationDoors.Deliveries);
        Map(routes, HttpMethods.Post, Type, submit.HandleAsync, "Submit an operation", AccessRules.Submit, OperationDoors.Submit);
        Map(routes, HttpMethods.Put, Operation, submit.HandleAsync, "Submit an operation under an id of your own", AccessRules.Submit, OperationDoors.SubmitAs);
        Map(routes, HttpMethods.Patch, Operation, lifetime.PatchAsync, "Move the expiry", AccessRules.Manage, OperationDoors.MoveExpiry);
        Map(routes, HttpMethods.Delete, Operation, lifetime.DeleteAsync, "Delete, canceling first what runs", AccessRules.Manage, OperationDoors.Delete);
        Map(routes, HttpMethods.Post, Operation + "/cancel", lifetime.CancelAsync, "Cancel", AccessRules.SubmitOrManage, OperationDoors.Cancel);
        Map(routes, HttpMethods.Post, Operation + "/links", links.CreateAsync, "Make a link that shows the Status without a login", AccessRules.Read, OperationDoors.MakeLink);
        Map(routes, HttpMethods.Post, Operation + "/resubmit", lifetime.ResubmitAsync, "Run anew with the same input", AccessRules.SubmitOrManage, OperationDoors.Resubmit);
    }

    /// <param name="routes">The program's routes.</param>
    /// <param name="pattern">Their path.</param>
    /// <param name="handler">What answers.</param>
    /// <param name="name">What it does, in the log and in the OpenAPI document.</param>
    /// <param name="rule">Who may.</param>
    /// <param name="door">What the OpenAPI document says besides.</param>
    public static void Get(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler, string name, AccessRule rule, Door door) =>
        routes.Map([HttpMethods.Get, HttpMethods.Head], pattern, handler, name, rule, door);

    /// <inheritdoc cref="Get"/>
    public static void Map(this IEndpointRouteBuilder routes, string method, string pattern, RequestDelegate handler, string name, AccessRule rule, Door door) =>
        routes.Map([method], pattern, handler, name, rule, door);

    private static void Map(this IEndpointRouteBuilder routes, string[] methods, string pattern, RequestDelegate handler, string name, AccessRule rule, Door door) =>
        routes.MapMethods(pattern, methods, handler).WithDisplayName(name).WithMetadata(door).RequireScope(routes.ServiceProvider.GetRequiredService<Gate>(), rule);
}
