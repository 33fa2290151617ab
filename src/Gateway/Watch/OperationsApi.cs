using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
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
        var types = routes.ServiceProvider.GetRequiredService<TypesEndpoint>();

        routes.MapHub<OperationsHub>("/hubs/operations");
        Get(routes, "/operation-types", types.HandleAsync, "List operation types");
        Get(routes, "/operations", list.HandleAsync, "List operations");
        Get(routes, Type, list.HandleAsync, "List operations of a type");
        Get(routes, Operation, status.HandleAsync, "Read, await or watch an operation");
        Get(routes, Operation + "/result", result.GetResultAsync, "Read the outcome");
        Get(routes, Operation + "/input", result.GetInputAsync, "Read the input");
        Get(routes, Operation + "/history", history.HandleAsync, "Read the history");
        Get(routes, Operation + "/deliveries", deliveries.ListOfOperationAsync, "List the webhook messages of an operation");
        Map(routes, HttpMethods.Post, Type, submit.HandleAsync, "Submit an operation");
        Map(routes, HttpMethods.Put, Operation, submit.HandleAsync, "Submit an operation under an id of your own");
        Map(routes, HttpMethods.Patch, Operation, lifetime.PatchAsync, "Move the expiry");
        Map(routes, HttpMethods.Delete, Operation, lifetime.DeleteAsync, "Delete, canceling first what runs");
        Map(routes, HttpMethods.Post, Operation + "/cancel", lifetime.CancelAsync, "Cancel");
        Map(routes, HttpMethods.Post, Operation + "/resubmit", lifetime.ResubmitAsync, "Run anew with the same input");
    }

    public static void Get(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler, string name) =>
        routes.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], handler).WithDisplayName(name);

    public static void Map(this IEndpointRouteBuilder routes, string method, string pattern, RequestDelegate handler, string name) =>
        routes.MapMethods(pattern, [method], handler).WithDisplayName(name);
}
