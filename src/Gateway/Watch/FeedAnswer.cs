using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>Opens streams of many operations.</summary>
internal sealed class FeedAnswer(OperationFeed feed, IOperationStore store, OpenStreams streams, StreamPlaces places, TimeProvider time)
{
    public async Task FollowAsync(HttpContext context, OperationFilter filter)
    {
        using IDisposable place = places.Open(context);
        using var follower = new FeedFollower(feed, store, filter, time);
        var stream = new FeedStream(context, follower, time);
        streams.Add(stream);
        try
        {
            await stream.RunAsync(Position(context.Request));
        }
        finally
        {
            streams.Remove(stream);
        }
    }

    /// <summary>An id that is none of ours is an unknown position, which the follower is told; no id is none.</summary>
    public static FeedPosition? Position(string? text) => string.IsNullOrEmpty(text) ? null : FeedPosition.Parse(text) ?? new FeedPosition("unknown", 0);

    private static FeedPosition? Position(HttpRequest request) =>
        Position(request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : request.Query["lastEventId"].ToString());
}
