using System.Globalization;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>Opens streams of one operation: on its status URI, or on the connection that submitted it.</summary>
internal sealed class StreamAnswer(OperationFeed feed, OpenStreams streams, StreamPlaces places, TimeProvider time)
{
    /// <summary>The stream of the status URI. Who has the end already is told 204, which stops EventSource for good.</summary>
    public async Task WatchAsync(HttpContext context, LiveOperation live, StreamFormat format)
    {
        long? told = LastEventId(context.Request);
        long known = await feed.BelieveAsync(live, told, context.RequestAborted);
        if (live.Durable.EndVersion is { } end && told >= end)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.CacheControl = "no-cache";
            context.Response.Headers.Vary = "Accept";
            return;
        }

        using IDisposable place = places.Open(context);
        await RunAsync(context, live.Key, format, StatusCodes.Status200OK, known, first: null);
    }

    /// <summary>The hanging connection: the answer to a submission goes on to the end. It has its place already.</summary>
    public Task FollowAsync(HttpContext context, OperationStatus initial, StreamFormat format) =>
        RunAsync(context, initial.Key, format, StatusCodes.Status202Accepted, known: 0, initial);

    private async Task RunAsync(HttpContext context, OperationKey key, StreamFormat format, int statusCode, long known, OperationStatus? first)
    {
        if (await feed.SubscribeAsync(key, context.RequestAborted) is not { } watched)
        {
            await Problems.Gone.WriteAsync(context);
            return;
        }

        (LiveOperation live, StatusSubscription subscription) = watched;
        using (subscription)
        {
            feed.RecordContact(live, format.Way);
            var stream = new StatusStream(context, format, live, subscription, time);
            streams.Add(stream);
            try
            {
                await stream.RunAsync(statusCode, known, first);
            }
            finally
            {
                streams.Remove(stream);
            }
        }
    }

    /// <summary>The header that EventSource sends on a reconnect; the query parameter where no header can be set. An id that is none of ours counts as none.</summary>
    private static long? LastEventId(HttpRequest request)
    {
        string? text = request.Headers["Last-Event-ID"];
        if (string.IsNullOrEmpty(text))
        {
            text = request.Query["lastEventId"];
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : null;
    }
}
