using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using RealtimeOps.Client.Requests;

namespace RealtimeOps.Client.Watching;

/// <summary>
/// Watches one operation over the best way of waiting that works: steps down to the next when one does not, and tries the better ones again from time to time. The steps leave no gap,
/// since each begins with the newest snapshot.
/// </summary>
internal sealed class StatusWatch
{
    /// <summary>The first snapshot comes at once over a stream that nothing holds back; there is something below it to try.</summary>
    private static readonly TimeSpan ProofLimit = TimeSpan.FromSeconds(2.5);

    /// <summary>Short enough for proxies that cut idle connections after 30 s.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(25);

    /// <summary>An operation may change faster than any eye: this bounds the requests.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);

    /// <summary>When the server suggests nothing.</summary>
    private static readonly TimeSpan DefaultPace = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly Uri _uri;
    private readonly WatchOptions _options;
    private readonly ChannelWriter<OperationStatus> _watcher;
    private readonly TimeProvider _time;
    private readonly EventConnection _events;
    private readonly Backoff _backoff;
    private readonly Rung[] _rungs;
    private Rung _current;
    private long? _newest;
    private bool _proven;
    private bool _ended;

    public StatusWatch(HttpClient http, Uri uri, WatchOptions options, ChannelWriter<OperationStatus> watcher, TimeProvider time)
    {
        (_http, _uri, _options, _watcher, _time) = (http, uri, options, watcher, time);
        _events = new EventConnection(http, time);
        _backoff = new Backoff(options.Patience, time);
        Func<CancellationToken, Task>[] ways = options.Transport switch
        {
            WatchTransport.EventStream => [StreamAsync],
            WatchTransport.LongPoll => [LongPollAsync],
            WatchTransport.Poll => [PollAsync],
            _ => [StreamAsync, LongPollAsync, PollAsync],
        };
        _rungs = [.. ways.Select(way => new Rung(way, time))];
        _current = _rungs[0];
    }

    private bool IsBetterDue => _rungs.TakeWhile(rung => rung != _current).Any(rung => rung.IsDue);

    /// <summary>Ends when the final snapshot has been handed over.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!_ended)
        {
            _current = _rungs.FirstOrDefault(rung => rung.IsDue) ?? _rungs[^1];
            _proven = false;
            try
            {
                await _current.RunAsync(cancellationToken);
                if (!_ended && !IsBetterDue)
                {
                    await MendAsync(Failure.Silence("The server closed the connection."), cancellationToken);
                }
            }
            catch (Exception failure) when (Failure.IsMendable(failure, cancellationToken))
            {
                await MendAsync(failure, cancellationToken);
            }
        }
    }

    private async Task MendAsync(Exception failure, CancellationToken cancellationToken)
    {
        _options.OnTrouble?.Invoke(failure);
        bool isLast = _current == _rungs[^1];
        bool refused = Failure.IsRefusal(failure);
        if (isLast && refused && failure is ProblemException)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        if (!isLast && (refused || !_proven))
        {
            _current.Rest(refused);
            return;
        }

        _backoff.First = _events.RetryAfter ?? _backoff.First;
        if (!await _backoff.WaitAsync(Failure.RetryAfter(failure), cancellationToken))
        {
            ExceptionDispatchInfo.Throw(Failure.Final(failure));
        }
    }

    private async Task StreamAsync(CancellationToken cancellationToken)
    {
        string? known = _newest?.ToString(CultureInfo.InvariantCulture);
        bool isOpen = await _events.ReadAsync(_uri, known, _rungs.Length > 1 ? ProofLimit : EventConnection.SilenceLimit, Take, cancellationToken);
        if (!isOpen)
        {
            // The final Status is said to be known; whoever asks here does not have it.
            Deliver(await AskAsync(AnswerLimit, null, wait: null, (response, stop) => response.ReadStatusAsync(_time, stop), cancellationToken));
        }
    }

    private ValueTask<bool> Take(SseItem<string> item, string lastEventId)
    {
        Alive();
        if (item.EventType == SseParser.EventTypeDefault)
        {
            Deliver(Answers.Understand(OperationStatus.Parse, item.Data));
        }

        return ValueTask.FromResult(!_ended);
    }

    private async Task LongPollAsync(CancellationToken cancellationToken)
    {
        // The first is asked for as if nothing were known, so that the answer comes at once and shows that this way works.
        long known = 0;
        while (!_ended && (!_proven || !IsBetterDue))
        {
            known = await AskAsync(Wait + TimeSpan.FromSeconds(10), known, Wait, async (response, stop) =>
            {
                long version = await ReadAsync(response, stop) ?? known;
                return response.Headers.TryGetValues("Preference-Applied", out IEnumerable<string>? applied) && string.Join(',', applied).Contains("wait", StringComparison.OrdinalIgnoreCase)
                    ? version
                    : throw Failure.Refusal("Prefer: wait is not honoured.");
            }, cancellationToken);
            await Task.Delay(_ended ? TimeSpan.Zero : Gap, _time, cancellationToken);
        }
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        while (!_ended && (!_proven || !IsBetterDue))
        {
            TimeSpan pace = await AskAsync(AnswerLimit, _newest, wait: null, async (response, stop) =>
            {
                if (response.StatusCode is HttpStatusCode.TooManyRequests)
                {
                    Alive();
                }
                else
                {
                    await ReadAsync(response, stop);
                }

                return response.RetryAfter(_time) ?? DefaultPace;
            }, cancellationToken);
            // Never early, and not in step with other pollers.
            await Task.Delay(_ended ? TimeSpan.Zero : pace * (1 + (Random.Shared.NextDouble() / 10)), _time, cancellationToken);
        }
    }

    /// <summary>The version told; null when there is nothing new.</summary>
    private async Task<long?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.NotModified)
        {
            Alive();
            return null;
        }

        OperationStatus status = await response.ReadStatusAsync(_time, cancellationToken);
        Deliver(status);
        return status.Version;
    }

    private async Task<T> AskAsync<T>(TimeSpan within, long? known, TimeSpan? wait, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(within, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _uri);
            if (known is not null)
            {
                request.Headers.Add("If-None-Match", string.Create(CultureInfo.InvariantCulture, $"W/\"{known}\""));
            }

            if (wait is { } time)
            {
                request.Headers.Add("Prefer", string.Create(CultureInfo.InvariantCulture, $"wait={(int)time.TotalSeconds}"));
            }

            using HttpResponseMessage response = await _http.SendAsync(request, stop.Token);
            return await read(response, stop.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failure.Silence("The server did not answer in time.");
        }
    }

    private void Alive()
    {
        _proven = true;
        _current.Works();
        _backoff.Heard();
    }

    private void Deliver(OperationStatus status)
    {
        Alive();
        if (!_ended && (status.Version > (_newest ?? -1) || status.IsFinal))
        {
            (_newest, _ended) = (status.Version, status.IsFinal);
            _watcher.TryWrite(status);
        }
    }
}
