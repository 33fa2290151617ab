using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
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
    private const int DefaultPage = 50;
    private const int LargestPage = 200;

    public async Task HandleAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        OperationFilter filter = Filter(context);
        if (StreamFormat.Accepted(context.Request) == StreamFormat.EventStream && HttpMethods.IsGet(context.Request.Method))
        {
            await follow.FollowAsync(context, filter);
            return;
        }

        int size = PageSize(query);
        IReadOnlyList<Operation> found = await store.ListAsync(filter, PageToken(query), size + 1, context.RequestAborted);
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
                json.WriteString("nextPageToken"u8, Base64Url.EncodeToString(Encoding.ASCII.GetBytes(found[size - 1].Sequence.ToString(CultureInfo.InvariantCulture))));
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

        return new OperationFilter
        {
            Owner = Caller.Of(context).Name,
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

    private static int PageSize(IQueryCollection query)
    {
        if (SubmissionOptions.Single(query, "pageSize") is not { } text)
        {
            return DefaultPage;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size is >= 1 and <= LargestPage
            ? size
            : throw Bad($"'pageSize' must be 1 to {LargestPage}.");
    }

    private static long PageToken(IQueryCollection query)
    {
        if (SubmissionOptions.Single(query, "pageToken") is not { } token)
        {
            return long.MaxValue;
        }

        Span<byte> bytes = stackalloc byte[32];
        return token.Length <= 40
            && Base64Url.IsValid(token)
            && Base64Url.TryDecodeFromChars(token, bytes, out int length)
            && long.TryParse(bytes[..length], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            ? sequence
            : throw Bad("'pageToken' is not one that this server gave out; begin again without it.");
    }

    private static ProblemException Bad(string detail) => new(Problems.BadRequest(detail));
}
