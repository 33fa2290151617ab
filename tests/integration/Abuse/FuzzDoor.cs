using Microsoft.AspNetCore.Routing;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>A route of the server.</summary>
/// <param name="Method">The method that it is for.</param>
/// <param name="Pattern">Its path, with parameters in braces.</param>
internal sealed record FuzzDoor(string Method, string Pattern)
{
    public bool Submits => this is { Method: "POST", Pattern: "/operations/{type}" } or { Method: "PUT", Pattern: "/operations/{type}/{id}" };

    public bool TakesBody => Method is "POST" or "PUT" or "PATCH";

    /// <summary>All that are mapped, so that new ones are tried without anybody's doing; the doors behind which most happens come up more often.</summary>
    public static FuzzDoor[] Of(EndpointDataSource endpoints)
    {
        FuzzDoor[] all = [.. endpoints.Endpoints.OfType<RouteEndpoint>().SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]).Select(method => new FuzzDoor(method, "/" + route.RoutePattern.RawText!.Trim('/'))))];
        return [.. all, .. Enumerable.Repeat(all.Where(door => door.Submits), 5).SelectMany(doors => doors)];
    }
}
