using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Watch;

namespace RealtimeOps.Relay;

/// <summary>
/// PUT, POST and DELETE on a relayed path: a submission like any other, whose input is the request. The client's query is the service's; what other submissions
/// say in theirs stands in the header <c>Operation-Options</c>, in the same form.
/// </summary>
internal sealed class RelayEndpoint(SubmitEndpoint submit)
{
    private const string Options = "Operation-Options";

    public Task HandleAsync(HttpContext context, RelayRoute route)
    {
        RequestHead head = Read(context, route);
        HttpRequest request = context.Request;
        request.QueryString = request.Headers[Options].ToString().TrimStart('?') is { Length: > 0 } options ? new QueryString("?" + options) : QueryString.Empty;
        return submit.RelayAsync(context, head with { Headers = RelayHeaders.Keep(request, route) });
    }

    /// <summary>The request line, below the route.</summary>
    /// <exception cref="ProblemException">The path may lead out of the service.</exception>
    public static RequestHead Read(HttpContext context, RelayRoute route)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        int segments = (context.Request.PathBase + route.Prefix).Count(c => c == '/');
        return RelayPath.TryRead(target, segments, out string? path, out string? query)
            ? new RequestHead(context.Request.Method, path, query, new Dictionary<string, string[]>())
            : throw new ProblemException(Problems.BadRequest("The path holds what a relayed path may not: '.' or '..' as a segment, an empty segment, an encoded slash, or a backslash. Nothing was accepted."));
    }
}
