using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Relay;

/// <summary>GET and HEAD on a relayed path: the service answers them itself.</summary>
internal sealed class PassThrough(ServiceClient service, ILogger<PassThrough> logger)
{
    private static readonly Problem Unreachable = new(502, "bad-gateway", "Bad gateway", "The service behind this path cannot be reached. Try again later.");

    public async Task HandleAsync(HttpContext context, RelayRoute route)
    {
        RequestHead head = RelayEndpoint.Read(context, route);
        using var request = new HttpRequestMessage(new HttpMethod(head.Method), route.TargetOf(head.Path, head.Query));
        RelayHeaders.Apply(RelayHeaders.KeepOfReading(context.Request, route), request);
        using HttpResponseMessage answer = await SendAsync(request, context);
        context.Response.StatusCode = (int)answer.StatusCode;
        RelayHeaders.CopyBack(answer, context.Response);

        // From here on nothing puts words of the gateway into an answer without a body.
        await context.Response.StartAsync(context.RequestAborted);
        if (HttpMethods.IsHead(head.Method))
        {
            return;
        }

        try
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or OperationCanceledException)
        {
            // Its beginning has left: only an end without an end tells that something is missing.
            RelayLog.BrokenOff(logger, context.Request.Path);
            context.Abort();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpContext context)
    {
        try
        {
            return await service.SendAsync(request, context.RequestAborted);
        }
        catch (HttpRequestException failure)
        {
            RelayLog.NoAnswer(logger, context.Request.Path, failure.Message);
            throw new ProblemException(Unreachable);
        }
    }
}
