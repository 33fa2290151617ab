using System.Net.ServerSentEvents;
using System.Text.Json;
using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>An open stream of server-sent events.</summary>
public sealed class EventStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly SseParser<string> _parser;
    private readonly IAsyncEnumerator<SseItem<string>> _events;
    private Task<bool> _next = Task.FromResult(true);

    private EventStream(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _parser = SseParser.Create(body);
        _events = _parser.EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
    }

    public HttpResponseMessage Response => _response;

    public string LastEventId => _parser.LastEventId;

    public TimeSpan ReconnectionInterval => _parser.ReconnectionInterval;

    public static async Task<EventStream> OpenAsync(HttpResponseMessage response) => new(response, await response.Content.ReadAsStreamAsync());

    /// <summary>The next event, heartbeats included; null at the end of the stream.</summary>
    public async Task<SseItem<string>?> NextAsync()
    {
        _next = _events.MoveNextAsync().AsTask();
        return await _next.Limited() ? _events.Current : null;
    }

    /// <summary>The next event that is wanted; null at the end of the stream. Others, such as heartbeats, keep nobody waiting beyond the limit.</summary>
    public async Task<SseItem<string>?> NextAsync(Func<SseItem<string>, bool> isWanted)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (await NextAsync() is { } item)
        {
            if (isWanted(item))
            {
                return item;
            }

            Limits.ThrowIfPast(start);
        }

        return null;
    }

    /// <summary>The next Status; null at the end of the stream.</summary>
    public async Task<JsonElement?> NextStatusAsync() =>
        await NextAsync(item => item.EventType == SseParser.EventTypeDefault) is { } item ? JsonDocument.Parse(item.Data).RootElement : null;

    /// <summary>All Statuses to the end of the stream.</summary>
    public async Task<List<JsonElement>> ToEndAsync()
    {
        var all = new List<JsonElement>();
        while (await NextStatusAsync() is { } status)
        {
            all.Add(status);
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        // Whoever waited in vain leaves a read behind, and an enumerator that reads cannot be disposed of.
        await ((Task)_next).WaitAsync(Limits.Limit, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _events.DisposeAsync();
    }
}
