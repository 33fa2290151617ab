using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using OperationStatus = RealtimeOps.Operations.OperationStatus;

namespace RealtimeOps.Watch;

/// <summary>GET on <c>/operations</c> and <c>/operations/{type}</c>: newest first, a page at a time; or, as an event stream, the feed of their changes.</summary>
internal sealed class ListEndpoint(OperationTypes types, IOperationStore store, OperationFeed feed, FeedAnswer follow, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        OperationFilter filter = Filter(context);
        if (StreamFormat.Accepted(context.Request) == StreamFormat.EventStream && HttpMethods.IsGet(context.Request.Method))
        {
            await follow.FollowAsync(context, filter);
            return;
        }

        int size = Paging.Size(query);
        IReadOnlyList<Operation> found = await store.ListAsync(filter, Paging.Before(query), size + 1, context.RequestAborted);
        DateTimeOffset now = time.GetUtcNow();
        var body = new ArrayBufferWriter<byte>(64 + (size * 512));
        using (var json = new Utf8JsonWriter(body, StatusJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartArray("operations"u8);
            foreach (Operation operation in found.Take(size).Where(operation => !operation.IsExpired(now)))
            {
                json.WriteRawValue((feed.Newest(operation.Key) ?? new OperationStatus(operation)).Json.Span, skipInputValidation: true);
            }

            json.WriteEndArray();
            if (found.Count > size)
            {
                json.WriteString("nextPageToken"u8, Paging.Token(found[size - 1].Sequence));
            }

            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    private OperationFilter Filter(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        var type = (string?)context.Request.RouteValues["type"];
        if (type is not null && !types.TryFind(type, out _))
        {
            throw new ProblemException(Problems.UnknownType(type));
        }

        var caller = Caller.Of(context);
        return new OperationFilter
        {
            Owner = caller.SeenOwner,
            Types = caller.Types,
            Type = type,
            States = query["state"].Select(State).ToArray(),
            Tags = SubmissionOptions.ReadTags(query).ToArray(),
            CreatedAfter = SubmissionOptions.Instant(query, "createdAfter"),
            CreatedBefore = SubmissionOptions.Instant(query, "createdBefore"),
        };
    }

    private static OperationState State(string? name) =>
        OperationStates.TryParse(name ?? "", out OperationState state)
            ? state
            : throw Bad("'state' must be queued, running, retrying, canceling, succeeded, failed or canceled; repeat it for several.");

    private static ProblemException Bad(string detail) => new(Problems.BadRequest(detail));
}
