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
    public async Task<SseItem<string>?> NextAsync() => await _events.MoveNextAsync().AsTask().Limited() ? _events.Current : null;

    /// <summary>The next Status; null at the end of the stream.</summary>
    public async Task<JsonElement?> NextStatusAsync()
    {
        while (await NextAsync() is { } item)
        {
            if (item.EventType == SseParser.EventTypeDefault)
            {
                return JsonDocument.Parse(item.Data).RootElement;
            }
        }

        return null;
    }

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
        await _events.DisposeAsync();
    }
}
