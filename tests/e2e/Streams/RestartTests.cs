using System.Net;
using System.Text.Json;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Streams;

/// <summary>The server ends under its watchers, badly or well, and comes back.</summary>
public sealed class RestartTests(ITestOutputHelper output) : IDisposable
{
    private const int Watchers = 200;
    private const int Operations = 10;

    /// <summary>Long enough to be seen running before the end of the server, and begun anew after it.</summary>
    private static readonly object Long = new { steps = 150, stepMs = 100 };

    private readonly TemporaryFolder _data = new();
    private int _cuts;

    public void Dispose() => _data.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Watchers_WhoseServerEnds_ComeBackWithTheirLastIdAndSeeTheEnd(bool isKilled)
    {
        await using var server = new MortalServer(_data.Path, "--Streams:Drain=00:00:01", "--Execution:StopGrace=00:00:01", "--Execution:SweepInterval=00:00:00.5");
        await server.StartAsync();
        string[] paths = [.. Enumerable.Range(0, Operations).Select(number => $"/operations/demo.steps/long-{number}")];
        foreach (string path in paths)
        {
            (await server.AskAsync(client => client.PutAsync(path, Long))).ShouldBe(202);
        }

        int watching = 0;
        var allWatch = new Signal();
        Task<JsonElement>[] ends = [.. Enumerable.Range(0, Watchers).Select(number => WatchAsync(server, paths[number % Operations], () =>
        {
            if (Interlocked.Increment(ref watching) == Watchers)
            {
                allWatch.Set();
            }
        }))];
        var following = new Signal();
        Task<HashSet<string>> followed = FollowAsync(server, following);
        await Task.WhenAll(allWatch.ReachedAsync(), following.ReachedAsync());

        await (isKilled ? server.KillAsync() : server.StopAsync());
        await server.StartAsync();

        JsonElement[] all = await Task.WhenAll(ends).Limited();
        all.ShouldAllBe(end => end.Number("status") == 0 && end.Number("attempt") == 2);
        (await followed.Limited()).Count.ShouldBe(Operations);
        _cuts.ShouldBeGreaterThanOrEqualTo(Watchers);
        output.WriteLine($"{_cuts} streams were cut or ended, {server.LostRequests} of them or of their successors without a whole answer.");
        await server.StopAsync();
    }

    /// <summary>As EventSource does: comes back with the last id until it is told that nothing more comes. Versions rise over all lives of the server.</summary>
    private async Task<JsonElement> WatchAsync(MortalServer server, string path, Action onRunning)
    {
        string? lastEventId = null;
        JsonElement? newest = null;
        Action? running = onRunning;
        while (await server.AskAsync(ReadAsync))
        {
            Interlocked.Increment(ref _cuts);
        }

        newest.ShouldNotBeNull().Number("progress").ShouldBe(100);
        return newest.Value;

        async Task<bool> ReadAsync(GatewayClient client)
        {
            HttpResponseMessage response = await client.OpenAsync(HttpMethod.Get, path, null, lastEventId is null ? [("Accept", "text/event-stream")] : [("Accept", "text/event-stream"), ("Last-Event-ID", lastEventId)]);
            await using EventStream stream = await EventStream.OpenAsync(response);
            response.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent);
            while (response.StatusCode == HttpStatusCode.OK && await stream.NextStatusAsync() is { } status)
            {
                status.Number("version").ShouldNotBeNull().ShouldBeGreaterThan(newest?.Number("version") ?? 0);
                newest = status;
                lastEventId = stream.LastEventId;
                if (status.Text("state") == "running")
                {
                    Interlocked.Exchange(ref running, null)?.Invoke();
                }
            }

            return response.StatusCode == HttpStatusCode.OK;
        }
    }

    /// <summary>One feed over both lives, to the end of all operations: after the restart its position is unknown, and it is told everything anew.</summary>
    private static async Task<HashSet<string>> FollowAsync(MortalServer server, Signal ready)
    {
        string? lastEventId = null;
        bool wasReset = false;
        var ended = new HashSet<string>();
        while (ended.Count < Operations)
        {
            await server.AskAsync(async client =>
            {
                await using EventStream feed = await client.WatchAsync("/operations", lastEventId is null ? [] : [("Last-Event-ID", lastEventId)]);
                while (ended.Count < Operations && await feed.NextAsync() is { } item)
                {
                    lastEventId = feed.LastEventId;
                    if (item.EventType == "reset")
                    {
                        wasReset = true;
                        ended.Clear();
                    }
                    else if (item.EventType == "ready")
                    {
                        ready.Set();
                    }
                    else if (item.EventType == "message" && JsonDocument.Parse(item.Data).RootElement is var status && status.Number("progress") == 100)
                    {
                        ended.Add(status.Text("uri")!);
                    }
                }

                return true;
            });
        }

        wasReset.ShouldBeTrue();
        return ended;
    }
}
