using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using RealtimeOps.Client.Requests;

namespace RealtimeOps.Client.Watching;

/// <summary>One connection of server-sent events, given up when it is held back on its way or dead.</summary>
internal sealed class EventConnection(HttpClient http, TimeProvider time)
{
    /// <summary>The server says something at least every 15 s.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(20);

    private const string MediaType = "text/event-stream";

    /// <summary>After what time the server wants its clients back, once it has said so.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>Reads until the server closes the stream or <paramref name="onEvent"/> has enough; the time that it takes is no silence of the server.</summary>
    /// <param name="uri">What to watch.</param>
    /// <param name="lastEventId">Up to where all is known.</param>
    /// <param name="firstLimit">How long the beginning may take.</param>
    /// <param name="onEvent">Takes an event and the last id; answers whether to go on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when the server says that nothing comes any more.</returns>
    public async Task<bool> ReadAsync(Uri uri, string? lastEventId, TimeSpan firstLimit, Func<SseItem<string>, string, ValueTask<bool>> onEvent, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(firstLimit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue(MediaType) } } };
            if (lastEventId is not null)
            {
                request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
            }

            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            if (response.StatusCode is HttpStatusCode.NoContent)
            {
                return false;
            }

            await response.EnsureSuccessAsync(time, stop.Token);
            if (response.Content.Headers.ContentType?.MediaType != MediaType)
            {
                throw Failure.Refusal("The answer is no event stream.");
            }

            // Who knows the newest is sent nothing before the next change or heartbeat.
            limit.CancelAfter(lastEventId is null ? firstLimit : SilenceLimit);
            SseParser<string> parser = SseParser.Create(await response.Content.ReadAsStreamAsync(stop.Token));
            await foreach (SseItem<string> item in parser.EnumerateAsync(stop.Token))
            {
                limit.CancelAfter(Timeout.InfiniteTimeSpan);
                RetryAfter = parser.ReconnectionInterval == Timeout.InfiniteTimeSpan ? null : parser.ReconnectionInterval;
                if (!await onEvent(item, parser.LastEventId))
                {
                    break;
                }

                limit.CancelAfter(SilenceLimit);
            }

            return true;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failure.Refusal("Nothing came over the event stream in time: something on the way holds it back.");
        }
    }
}
