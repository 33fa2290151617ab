using System.Net.ServerSentEvents;
using System.Text.Json;
using RealtimeOps.TestSupport;
using Shouldly;

namespace RealtimeOps.IntegrationTests.Feeds;

/// <summary>Reads the feed of a collection.</summary>
internal static class FeedReading
{
    /// <summary>Opens the feed; with <paramref name="lastEventId"/> as EventSource does on a reconnect.</summary>
    public static Task<EventStream> FollowAsync(this GatewayClient client, string path, string? lastEventId = null) =>
        client.WatchAsync(path, lastEventId is null ? [] : [("Last-Event-ID", lastEventId)]);

    /// <summary>What comes before <c>ready</c>.</summary>
    public static async Task<List<SseItem<string>>> ToReadyAsync(this EventStream feed)
    {
        var all = new List<SseItem<string>>();
        while ((await feed.NextAsync()).ShouldNotBeNull("The feed ended before it was ready.") is { EventType: not "ready" } item)
        {
            all.Add(item);
        }

        return all;
    }

    /// <summary>The next event that is no heartbeat.</summary>
    public static async Task<SseItem<string>> NextChangeAsync(this EventStream feed) =>
        (await feed.NextAsync(item => item.EventType != "heartbeat")).ShouldNotBeNull("The feed ended.");

    /// <summary>The Statuses up to the first that is as wanted.</summary>
    public static async Task<List<JsonElement>> ToAsync(this EventStream feed, Func<JsonElement, bool> wanted)
    {
        var all = new List<JsonElement>();
        do
        {
            SseItem<string> item = await feed.NextChangeAsync();
            item.EventType.ShouldBe(SseParser.EventTypeDefault, item.Data);
            all.Add(item.Json());
        }
        while (!wanted(all[^1]));
        return all;
    }

    public static JsonElement Json(this SseItem<string> item) => JsonDocument.Parse(item.Data).RootElement;

    public static string Uri(this SseItem<string> item) => item.Json().Text("uri")!;
}
