using System.Globalization;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Streams;

/// <summary>Streams through a proxy that buffers and compresses wherever it is not told otherwise.</summary>
[Collection(Alone.Name)]
public sealed class NginxTests(ITestOutputHelper output) : IDisposable
{
    private const string ShortDrain = "--Streams:Drain=00:00:00.5";
    private const string Path = "/operations/demo.steps";

    /// <summary>Three seconds, a change each 30 ms, each with the clock in it.</summary>
    private static readonly object Stamped = new { steps = 100, stepMs = 30, stamp = true };

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streams_ThroughNginx_ArriveAtOnceAndUncompressed(bool asDocumented)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The clock of another process is read as Linux has it.");
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path, settings: ShortDrain);
        await using NginxProxy nginx = await NginxProxy.StartAsync(server.Client.Address, asDocumented);
        await AgesAsync(await SubmissionAsync(server.Client)); // The first run of all code is slow.

        // At the same time, so that both suffer from what else the machine does.
        Task<TimeSpan[]> direct = AgesAsync(await SubmissionAsync(server.Client));
        Task<TimeSpan[]>[] proxied =
        [
            AgesAsync(await SubmissionAsync(nginx.Client)),
            AgesAsync(await WatchAsync(nginx.Client, (await nginx.Client.SubmitAsync("demo.steps", Stamped)).Uri)),
            FeedAgesAsync(nginx.Client),
        ];

        Describe("direct", await direct);
        foreach ((string what, Task<TimeSpan[]> ages) in new[] { "submission", "status URI", "feed" }.Zip(proxied))
        {
            TimeSpan[] all = await ages;
            Describe(what, all);
            all.Length.ShouldBeGreaterThan(50, what);
            At(all, 0.5).ShouldBeLessThan(At(await direct, 0.5) + TimeSpan.FromMilliseconds(100), what);
            At(all, 0.95).ShouldBeLessThan(At(await direct, 0.95) + TimeSpan.FromMilliseconds(250), what);
        }

        await server.StopAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Streams_ThroughNginx_HaveTheFirstEventAndHeartbeatsWhileNothingHappens()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path, settings: ShortDrain);
        await using NginxProxy nginx = await NginxProxy.StartAsync(server.Client.Address);
        (await nginx.Client.GetAsync("/operation-types", ("Accept-Encoding", "gzip"))).ShouldBe(200)["Content-Encoding"].ShouldBe("gzip", "This nginx compresses what it may.");
        Answer idle = await nginx.Client.SubmitAsync("demo.steps", Stamped, "?delay=PT1H");
        long start = TimeProvider.System.GetTimestamp();

        await using EventStream status = await WatchAsync(nginx.Client, idle.Uri);
        await using EventStream feed = await WatchAsync(nginx.Client, "/operations");
        (await status.NextStatusAsync())!.Value.Text("uri").ShouldBe(idle.Uri);
        (await feed.NextStatusAsync())!.Value.Text("uri").ShouldBe(idle.Uri);
        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10), "They come before the first heartbeat.");

        (await feed.NextAsync())!.Value.EventType.ShouldBe("ready");
        (await status.NextAsync())!.Value.EventType.ShouldBe("heartbeat");
        (await feed.NextAsync())!.Value.EventType.ShouldBe("heartbeat");
        await server.StopAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Streams_ThroughTheComposedNginx_ComeFromBothGatewaysAtOnceAndTheHubUpgrades()
    {
        using var otherData = new TemporaryFolder();
        await using GatewayProcess first = await GatewayProcess.StartAsync(Repository.Server, _data.Path, settings: ShortDrain);
        await using GatewayProcess second = await GatewayProcess.StartAsync(Repository.Server, otherData.Path, settings: ShortDrain);
        await using NginxProxy nginx = await NginxProxy.StartComposedAsync(first.Client.Address, second.Client.Address);

        TimeSpan[][] ages = await Task.WhenAll(AgesAsync(await SubmissionAsync(nginx.Client)), AgesAsync(await SubmissionAsync(nginx.Client)), AgesAsync(await SubmissionAsync(first.Client)));

        foreach (TimeSpan[] some in ages)
        {
            some.Length.ShouldBeGreaterThan(50);
            At(some, 0.5).ShouldBeLessThan(At(ages[^1], 0.5) + TimeSpan.FromMilliseconds(100));
        }

        int[] taken = await Task.WhenAll(new[] { first, second }.Select(async server => (await server.Client.GetAsync(Path)).Json.GetProperty("operations").GetArrayLength()));
        taken.ShouldBe([2, 1], "They take turns, no client is tied to one of them; and the first was sent one directly.");
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{nginx.Address.Authority}/hubs/operations"), TestContext.Current.CancellationToken).Limited();
        socket.State.ShouldBe(System.Net.WebSockets.WebSocketState.Open);
        await first.StopAsync();
        await second.StopAsync();
    }

    private static Task<EventStream> SubmissionAsync(GatewayClient client) =>
        client.StreamAsync(HttpMethod.Post, Path, GatewayClient.Json(Stamped), ("Accept-Encoding", "gzip"));

    private static Task<EventStream> WatchAsync(GatewayClient client, string uri) => client.WatchAsync(uri, ("Accept-Encoding", "gzip"));

    /// <summary>The feed is open before the operation is there.</summary>
    private static async Task<TimeSpan[]> FeedAgesAsync(GatewayClient client)
    {
        EventStream feed = await WatchAsync(client, "/operations?tag.test=feed");
        (await feed.NextAsync())!.Value.EventType.ShouldBe("ready");
        await client.SubmitAsync("demo.steps", Stamped, "?tag.test=feed");
        return await AgesAsync(feed);
    }

    /// <summary>How old each snapshot is when it arrives, to the end of the operation.</summary>
    private static async Task<TimeSpan[]> AgesAsync(EventStream opened)
    {
        await using EventStream stream = opened;
        stream.Response.Content.Headers.ContentEncoding.ShouldNotContain("gzip");
        stream.Response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var ages = new List<TimeSpan>();
        while (await stream.NextStatusAsync() is { } status && status.Number("progress") < 100)
        {
            if (status.Text("activity") is { } stamp)
            {
                ages.Add(TimeProvider.System.GetElapsedTime(long.Parse(stamp.AsSpan(stamp.IndexOf('.', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture)));
            }
        }

        return [.. ages.Order()];
    }

    private void Describe(string what, TimeSpan[] ordered) =>
        output.WriteLine(FormattableString.Invariant($"{what}: {ordered.Length} events, median {At(ordered, 0.5).TotalMilliseconds:0.0} ms, 95 % {At(ordered, 0.95).TotalMilliseconds:0.0} ms, most {ordered[^1].TotalMilliseconds:0.0} ms"));

    private static TimeSpan At(TimeSpan[] ordered, double share) => ordered[(int)(ordered.Length * share)];
}
