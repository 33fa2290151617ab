using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;

namespace RealtimeOps.Api;

/// <summary>Paths that are not the gateway's are answered in the same form as its own errors.</summary>
internal static class Problems
{
    private static readonly PathString[] Gateway = ["/operations", "/operation-types", "/subscriptions", "/deliveries", "/mailboxes", "/session", "/hubs", "/health"];

    public static bool IsNotTheGateways(HttpContext context) => !Gateway.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>Errors have one form, whatever the client would rather have: else the framework answered some with plain text, or nothing.</summary>
    public static async Task AnswerAsync(StatusCodeContext context)
    {
        HttpContext http = context.HttpContext;
        http.Request.Headers.Accept = default;
        await http.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = { Status = http.Response.StatusCode } });
    }

    public static void Describe(ProblemDetailsOptions options) => options.CustomizeProblemDetails = context =>
    {
        context.ProblemDetails.Type = context.ProblemDetails.Status switch
        {
            StatusCodes.Status404NotFound => "urn:realtimeops:not-found",
            StatusCodes.Status405MethodNotAllowed => "urn:realtimeops:method-not-allowed",
            _ => "urn:realtimeops:bad-request",
        };
        context.ProblemDetails.Detail ??= context.ProblemDetails.Status switch
        {
            StatusCodes.Status404NotFound => "Nothing is served at this path. Operations are below /operations; GET /operation-types lists what can be submitted.",
            StatusCodes.Status405MethodNotAllowed => $"This path is not for {context.HttpContext.Request.Method}. It knows {context.HttpContext.Response.Headers.Allow}.",
            _ => "The request cannot be answered.",
        };
        context.ProblemDetails.Instance ??= context.HttpContext.Request.Path;
        context.ProblemDetails.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
    };
}
