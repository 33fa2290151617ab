using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>GET on <c>/result</c> and <c>/input</c>: the stored bytes in their own media type, with ranges and a strong entity tag.</summary>
internal sealed class ResultEndpoint(OperationLookup lookup, OperationFeed feed, IOperationStore store, IPayloadStore payloads, StatusAnswer answer)
{
    public async Task GetResultAsync(HttpContext context)
    {
        LiveOperation live = await lookup.RequireAsync(context);
        if (!live.Current.IsFinal)
        {
            // Who has just seen the end at another node asks for the result here.
            await feed.CatchUpAsync(live, context.RequestAborted);
        }

        OperationStatus status = live.Current;
        if (!status.IsFinal)
        {
            context.Response.Headers.Location = status.Uri + "/result";
            await answer.WriteAsync(context, status);
            return;
        }

        if (status.Operation.Error is { } error)
        {
            await Failure(status, error).WriteAsync(context);
            return;
        }

        if (!status.Operation.HasResult)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await SendAsync(context, await store.FindResultAsync(live.Durable.Sequence, context.RequestAborted));
    }

    public async Task GetInputAsync(HttpContext context)
    {
        LiveOperation live = await lookup.RequireAsync(context);
        await SendAsync(context, await store.FindInputAsync(live.Durable.Sequence, context.RequestAborted));
    }

    private async Task SendAsync(HttpContext context, Payload? payload)
    {
        if (payload is null)
        {
            await Problems.Gone.WriteAsync(context);
            return;
        }

        context.Response.Headers.CacheControl = "no-cache";
        // Bytes that a client made must never run as a page of this origin.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(payload.Sha256.AsSpan(0, 16))}\"");
        await TypedResults.Stream(Open(payload), payload.MediaType, entityTag: tag, enableRangeProcessing: true).ExecuteAsync(context);
    }

    /// <summary>Retention may have taken the file since the row was read.</summary>
    private Stream Open(Payload payload)
    {
        try
        {
            return payloads.Open(payload);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemException(Problems.Gone);
        }
    }

    private static Problem Failure(OperationStatus status, OperationError error) =>
        new(status.State is OperationState.Canceled ? 409 : error.HttpStatus ?? 422, status.State is OperationState.Canceled ? "canceled" : "operation-failed", error.Title, error.Detail)
        {
            Extensions = json =>
            {
                json.WriteString("operation"u8, status.Uri);
                AzureProfile.WriteError(json, error);
            },
        };
}
