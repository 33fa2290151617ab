using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>How a stream of snapshots looks on the wire.</summary>
internal sealed class StreamFormat
{
    /// <summary>Server-sent events. A heartbeat is a named event, since browsers hide comments from the page; it has no id, so it never moves a client's position.</summary>
    public static readonly StreamFormat EventStream = new()
    {
        Way = ContactWay.EventStream,
        MediaType = "text/event-stream",
        Prelude = "retry: 2000\n\n"u8.ToArray(),
        Heartbeat = "event: heartbeat\ndata: {}\n\n"u8.ToArray(),
        Render = status => status.Event,
    };

    /// <summary>A Status a line.</summary>
    public static readonly StreamFormat JsonLines = new()
    {
        Way = ContactWay.JsonLines,
        MediaType = "application/jsonl",
        Render = status => status.JsonLine,
    };

    public required ContactWay Way { get; init; }

    public required string MediaType { get; init; }

    public ReadOnlyMemory<byte> Prelude { get; init; }

    public ReadOnlyMemory<byte> Heartbeat { get; init; }

    public required Func<OperationStatus, ReadOnlyMemory<byte>> Render { get; init; }

    /// <summary>The stream that the client asked for; null when it wants a plain answer at least as much.</summary>
    public static StreamFormat? Accepted(HttpRequest request)
    {
        if (!MayMean(request, EventStream.MediaType) && !MayMean(request, JsonLines.MediaType))
        {
            return null;
        }

        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted))
        {
            return null;
        }

        double plain = Quality(accepted, "application/json");
        double events = Quality(accepted, EventStream.MediaType);
        double lines = Quality(accepted, JsonLines.MediaType);
        return events > 0 && events >= plain && events >= lines ? EventStream
            : lines > 0 && lines >= plain ? JsonLines
            : null;
    }

    /// <summary>A look without parsing: most polls name no stream at all.</summary>
    private static bool MayMean(HttpRequest request, string mediaType)
    {
        foreach (string? accept in request.Headers.Accept)
        {
            if (accept is not null && accept.Contains(mediaType, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static double Quality(IList<MediaTypeHeaderValue> accepted, string mediaType)
    {
        double quality = 0;
        foreach (MediaTypeHeaderValue one in accepted)
        {
            if (one.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
            {
                quality = Math.Max(quality, one.Quality ?? 1);
            }
        }

        return quality;
    }
}
