namespace RealtimeOps.Api;

/// <summary>Paths that are not the gateway's are answered in the same form as its own errors.</summary>
internal static class Problems
{
    private static readonly PathString[] Gateway = ["/operations", "/operation-types", "/health"];

    public static bool IsNotTheGateways(HttpContext context) => !Gateway.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));

    public static void Describe(ProblemDetailsOptions options) => options.CustomizeProblemDetails = context =>
    {
        context.ProblemDetails.Type = context.ProblemDetails.Status switch
        {
            StatusCodes.Status404NotFound => "urn:realtimeops:not-found",
            StatusCodes.Status405MethodNotAllowed => "urn:realtimeops:method-not-allowed",
            _ => "urn:realtimeops:bad-request",
        };
        context.ProblemDetails.Detail ??= context.ProblemDetails.Status == StatusCodes.Status404NotFound
            ? "Nothing is served at this path. Operations are below /operations; GET /operation-types lists what can be submitted."
            : "The request cannot be answered.";
        context.ProblemDetails.Instance ??= context.HttpContext.Request.Path;
    };
}
