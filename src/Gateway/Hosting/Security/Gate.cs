using Microsoft.AspNetCore.Http;

namespace RealtimeOps.Hosting.Security;

/// <summary>Stands before every route: finds out who asks, and lets in who has the scope that the route needs.</summary>
internal sealed class Gate(Credentials credentials, Sessions sessions, SignedLinks links, TimeProvider time, ILogger<Gate> logger)
{
    /// <exception cref="ProblemException">The caller may not go on.</exception>
    public Task EnterAsync(HttpContext context, AccessRule rule, RequestDelegate next)
    {
        ValueTask<Caller> known = AuthenticateAsync(context, rule);
        return known.IsCompletedSuccessfully ? Admit(context, known.Result, rule, next) : AwaitAsync(context, known.AsTask(), rule, next);
    }

    /// <summary>Nobody when no credential was shown.</summary>
    /// <exception cref="ProblemException">The credential that was shown is not good.</exception>
    public ValueTask<Caller> AuthenticateAsync(HttpContext context, AccessRule rule)
    {
        if (rule.AcceptsLink && SignedLinks.TokenOf(context.Request) is { } link)
        {
            return ValueTask.FromResult(links.Open(link, Route(context, "type")!, Route(context, "id")!));
        }

        if (rule.HasOwnCredential)
        {
            return ValueTask.FromResult(Caller.Nobody);
        }

        if (credentials.IsOpen)
        {
            return ValueTask.FromResult(Caller.Everybody);
        }

        return Presented(context, rule) is { } shown ? JudgeAsync(context, shown) : ValueTask.FromResult(sessions.Read(context) ?? Caller.Nobody);
    }

    private async Task AwaitAsync(HttpContext context, Task<Caller> known, AccessRule rule, RequestDelegate next) => await Admit(context, await known, rule, next);

    private Task Admit(HttpContext context, Caller caller, AccessRule rule, RequestDelegate next)
    {
        context.Features.Set(caller);
        if (rule.AcceptsQueryToken)
        {
            // A hub's connection outlives its requests, and takes along who opened it.
            context.User = new CallerPrincipal(caller);
        }

        if (caller.Link is null && rule.AnyOf is not Scopes.None && !caller.HasAny(rule.AnyOf))
        {
            throw Refusal(context, caller, rule);
        }

        if (caller.Types is not null && Route(context, "type") is { } type && !caller.MayUse(type))
        {
            throw new ProblemException(Route(context, "id") is null || HttpMethods.IsPut(context.Request.Method) ? Problems.UnknownType(type) : Problems.NotFound);
        }

        return next(context);
    }

    private ProblemException Refusal(HttpContext context, Caller caller, AccessRule rule)
    {
        if (caller == Caller.Nobody)
        {
            SecurityLog.NoCredential(logger, context.Request.Method, context.Request.Path);
            return new ProblemException(Problems.Unauthorized("Show a credential: Authorization: Bearer with an API key or a token, or X-Api-Key.", isInvalid: false));
        }

        string[] least = [.. ScopeNames.Least(rule.AnyOf)];
        SecurityLog.NoScope(logger, context.Request.Method, context.Request.Path, caller.Name, string.Join(" or ", least));
        return new ProblemException(Problems.Forbidden(least));
    }

    /// <summary>What the request shows, in the order in which it counts.</summary>
    private static string? Presented(HttpContext context, AccessRule rule)
    {
        const string scheme = "Bearer ";
        string? authorization = context.Request.Headers.Authorization;
        if (!string.IsNullOrEmpty(authorization))
        {
            return authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? authorization[scheme.Length..].Trim() : "";
        }

        if (context.Request.Headers["X-Api-Key"] is { Count: > 0 } key)
        {
            return key.ToString();
        }

        return rule.AcceptsQueryToken && context.Request.Query.TryGetValue("access_token", out var token) ? token.ToString() : null;
    }

    private ValueTask<Caller> JudgeAsync(HttpContext context, string shown)
    {
        if (credentials.Find(shown) is not { } key)
        {
            return credentials.Tokens is { } tokens ? new ValueTask<Caller>(JudgeTokenAsync(context, tokens, shown)) : throw Refused(context, "it is no key of this server");
        }

        return key.IsOver(time.GetUtcNow()) ? throw Refused(context, $"the key of {key.Caller.Name} has expired") : ValueTask.FromResult(key.Caller);
    }

    private async Task<Caller> JudgeTokenAsync(HttpContext context, BearerTokens tokens, string token)
    {
        (Caller? caller, string? fault) = await tokens.JudgeAsync(token);
        return caller ?? throw Refused(context, $"it is no key of this server, and as a token it is not good ({fault})");
    }

    private ProblemException Refused(HttpContext context, string reason)
    {
        SecurityLog.Refused(logger, context.Request.Method, context.Request.Path, context.Connection.RemoteIpAddress, reason);
        return new ProblemException(Problems.Unauthorized("The credential is unknown, expired or revoked.", isInvalid: true));
    }

    private static string? Route(HttpContext context, string name) => context.Request.RouteValues[name] as string;
}
