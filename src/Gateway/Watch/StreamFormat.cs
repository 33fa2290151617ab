using Microsoft.AspNetCore.Http;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>How a stream of snapshots looks on the wire.</summary>
internal sealed class StreamFormat
{
    /// <summary>Server-sent events. A heartbeat is a named event, since browsers hide comments from the page; it has no id, so it never moves a client's position.</summary>
    public static readonly StreamFormat EventStream = new()
    {
        MediaType = "text/event-stream",
        Prelude = "retry: 2000\n\n"u8.ToArray(),
        Heartbeat = "event: heartbeat\ndata: {}\n\n"u8.ToArray(),
        Render = status => status.Event,
    };

    /// <summary>A Status a line.</summary>
    public static readonly StreamFormat JsonLines = new()
    {
        MediaType = "application/jsonl",
        Render = status => status.JsonLine,
    };

    public required string MediaType { get; init; }

    public ReadOnlyMemory<byte> Prelude { get; init; }

    public ReadOnlyMemory<byte> Heartbeat { get; init; }

    public required Func<OperationStatus, ReadOnlyMemory<byte>> Render { get; init; }

    /// <summary>The stream that the client asked for; null when it wants a plain answer.</summary>
    public static StreamFormat? Accepted(HttpRequest request)
    {
        foreach (string? accept in request.Headers.Accept)
        {
            if (accept is null)
            {
                continue;
            }

            if (accept.Contains(EventStream.MediaType, StringComparison.OrdinalIgnoreCase))
            {
                return EventStream;
            }

            if (accept.Contains(JsonLines.MediaType, StringComparison.OrdinalIgnoreCase))
            {
                return JsonLines;
            }
        }

        return null;
    }
}
