using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RealtimeOps.Hosting.Security;

/// <summary>Who may use a route; it stands in the route's metadata.</summary>
/// <param name="AnyOf">One of these scopes is needed; none lets everybody in, and the route looks at its caller itself.</param>
internal sealed record AccessRule(Scopes AnyOf)
{
    /// <summary>A signed link is good for it too.</summary>
    public bool AcceptsLink { get; init; }

    /// <summary>Its clients cannot send headers, so the query may hold the credential.</summary>
    public bool AcceptsQueryToken { get; init; }

    /// <summary>It is for no caller: its credential is one of its own, which it judges itself.</summary>
    public bool HasOwnCredential { get; init; }
}

/// <summary>The rules there are; docs/api.md has them as a table.</summary>
internal static class AccessRules
{
    public static readonly AccessRule Everybody = new(Scopes.None);
    public static readonly AccessRule AnyScope = new(Scopes.All);
    public static readonly AccessRule Submit = new(Scopes.Submit);
    public static readonly AccessRule Read = new(Scopes.Read);
    public static readonly AccessRule Manage = new(Scopes.Manage);

    /// <summary>What a submitter does with what it has submitted.</summary>
    public static readonly AccessRule SubmitOrManage = new(Scopes.Submit | Scopes.Manage);

    /// <summary>The answer of a service is at once, that of an operation later; who may start or see those may ask for these.</summary>
    public static readonly AccessRule SubmitOrRead = new(Scopes.Submit | Scopes.Read);

    public static readonly AccessRule Report = new(Scopes.None) { HasOwnCredential = true };

    public static readonly AccessRule Status = new(Scopes.Read) { AcceptsLink = true };

    /// <summary>Each stream of the hub is judged by itself: one may come by a link, another by the connection's credential.</summary>
    public static readonly AccessRule Hub = new(Scopes.None) { AcceptsQueryToken = true };
}

/// <summary>Puts the <see cref="Gate"/> before routes.</summary>
internal static class AccessRuleExtensions
{
    public static T RequireScope<T>(this T routes, Gate gate, AccessRule rule)
        where T : IEndpointConventionBuilder
    {
        routes.Add(endpoint =>
        {
            RequestDelegate door = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => gate.EnterAsync(context, rule, door);
            endpoint.Metadata.Add(rule);
        });
        return routes;
    }
}
