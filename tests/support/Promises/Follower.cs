using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace RealtimeOps.TestSupport.Promises;

/// <summary>Follows the feed of all operations, wherever it is let in, and comes back with the last position after every cut.</summary>
public sealed class Follower(IPersistentClient client)
{
    private readonly ConcurrentDictionary<string, byte> _ended = new();
    private string? _position;
    private int _resets;

    /// <summary>How often it was told to begin anew.</summary>
    public int Resets => Volatile.Read(ref _resets);

    /// <summary>Until <paramref name="enough"/> fires.</summary>
    public async Task FollowAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await client.AskAsync(door => ReadAsync(door, enough));
        }
    }

    /// <summary>Waits until it has seen the end of all of them.</summary>
    public async Task ToEndOfAsync(IEnumerable<string> paths)
    {
        long start = TimeProvider.System.GetTimestamp();
        string[] missing;
        while ((missing = [.. paths.Where(path => !_ended.ContainsKey(path))]).Length > 0)
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(Limits.Limit, "The follower has not seen the end of " + string.Join(", ", missing));
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private async Task<bool> ReadAsync(GatewayClient door, CancellationToken enough)
    {
        HttpResponseMessage response = await door.OpenAsync(
            HttpMethod.Get, "/operations", null, _position is null ? [("Accept", "text/event-stream")] : [("Accept", "text/event-stream"), ("Last-Event-ID", _position)]);
        await using EventStream feed = await EventStream.OpenAsync(response);
        response.EnsureSuccessStatusCode();
        await using CancellationTokenRegistration _ = enough.UnsafeRegister(static one => ((HttpResponseMessage)one!).Dispose(), response);
        while (!enough.IsCancellationRequested && await NextAsync(feed, enough) is { } item)
        {
            if (feed.LastEventId.Length > 0)
            {
                _position = feed.LastEventId;
            }

            Take(item);
        }

        return true;
    }

    private void Take(SseItem<string> item)
    {
        if (item.EventType == "reset")
        {
            Interlocked.Increment(ref _resets);
        }
        else if (item.EventType == SseParser.EventTypeDefault && JsonDocument.Parse(item.Data).RootElement is var status && status.Number("progress") == 100)
        {
            _ended.TryAdd(new Uri(status.Text("uri")!).AbsolutePath, 0);
        }
    }

    /// <summary>Closing the answer is how a reader leaves.</summary>
    private static async Task<SseItem<string>?> NextAsync(EventStream feed, CancellationToken enough)
    {
        try
        {
            return await feed.NextAsync();
        }
        catch (Exception) when (enough.IsCancellationRequested)
        {
            return null;
        }
    }
}
