using System.Net.ServerSentEvents;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Threading.Channels;
using RealtimeOps.Client.Requests;

namespace RealtimeOps.Client.Watching;

/// <summary>Follows a feed, one connection after the other, each from the position of the one before.</summary>
internal sealed class FeedWatch(HttpClient http, Uri uri, string? position, WatchOptions options, ChannelWriter<FeedEvent> watcher, TimeProvider time)
{
    private readonly EventConnection _events = new(http, time);
    private readonly Backoff _backoff = new(options.Patience, time);
    private string? _position = position;

    /// <summary>Ends with an exception only.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Exception failure;
            try
            {
                await _events.ReadAsync(uri, _position, EventConnection.SilenceLimit, (item, id) => TakeAsync(item, id, cancellationToken), cancellationToken);
                failure = Failure.Silence("The server closed the connection.");
            }
            catch (Exception lost) when (Failure.IsMendable(lost, cancellationToken))
            {
                failure = lost;
            }

            if (failure is ProblemException { IsPassing: false })
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            options.OnTrouble?.Invoke(failure);
            _backoff.First = _events.RetryAfter ?? _backoff.First;
            if (!await _backoff.WaitAsync(Failure.RetryAfter(failure), cancellationToken))
            {
                ExceptionDispatchInfo.Throw(Failure.Final(failure));
            }
        }
    }

    private async ValueTask<bool> TakeAsync(SseItem<string> item, string lastEventId, CancellationToken cancellationToken)
    {
        _backoff.Heard();
        string? reached = lastEventId.Length > 0 ? lastEventId : _position;
        FeedEvent? told = item.EventType switch
        {
            SseParser.EventTypeDefault => new FeedStatus(Answers.Understand(OperationStatus.Parse, item.Data), reached),
            "gone" => new FeedGone(Answers.Understand(json => JsonSerializer.Deserialize(json, ClientJson.Default.GoneNotice)!, item.Data).Uri, reached),
            "reset" => new FeedReset(reached),
            "ready" => new FeedReady(reached),
            _ => null,
        };
        if (told is not null)
        {
            await watcher.WriteAsync(told, cancellationToken);
            _position = reached;
        }

        return true;
    }
}
