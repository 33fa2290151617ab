using System.Net.NetworkInformation;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using RealtimeOps.Watch;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>A thousand connections that only keep the server waiting.</summary>
[Collection(Alone.Name)]
public sealed class SlowlorisTests(ITestOutputHelper output)
{
    private const int WithSlowHeaders = 400;
    private const int WithSlowBodies = 300;
    private const int WhoNeverRead = 300;
    private const long MostMemoryKept = 50_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);

    /// <summary>A busy machine pauses now and then; a server that waits for one of the slow ones would take until it is cut, again and again.</summary>
    private static readonly TimeSpan QuickAtWorst = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _time = TimeProvider.System;

    [Fact(Timeout = 600_000)]
    public async Task Server_AThousandSlowClients_ServesOthersAndCutsThem()
    {
        Dictionary<string, string?> settings = new() { ["Streams:WriteDeadline"] = $"{Patience}" };
        await using GatewayServer server = await GatewayServer.StartAsync(settings, replacements: services => services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.RequestHeadersTimeout = Patience;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 100, gracePeriod: Patience);
        }));
        OpenStreams streams = server.Services.GetRequiredService<OpenStreams>();
        string host = $"Host: {server.Client.Address.Authority}\r\n";
        string tags = string.Concat(Enumerable.Range(0, 26).Select(number => $"&tag.ballast{number}={new string('x', 250)}"));
        string busy = (await server.Client.SubmitAsync(Inputs.Demo, new { steps = 100_000, stepMs = 20 }, "?ttl=PT1H" + tags)).Uri;
        await SlowestAsync(server.Client);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        SlowClient[] headers = await ConnectAsync(server, WithSlowHeaders, $"GET /operations HTTP/1.1\r\n{host}X-Slow: ");
        SlowClient[] bodies = await ConnectAsync(server, WithSlowBodies, $"POST /operations/demo.steps HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{");
        SlowClient[] readers = await ConnectAsync(server, WhoNeverRead, $"GET {new Uri(busy).AbsolutePath} HTTP/1.1\r\n{host}Accept: text/event-stream\r\n\r\n");
        Task<string[]> answers = Task.WhenAll(headers.Concat(bodies).Select(client => client.DripAsync()));
        long start = _time.GetTimestamp();
        var slowest = new List<TimeSpan>();
        while (!answers.IsCompleted || streams.Count > 0)
        {
            _time.GetElapsedTime(start).ShouldBeLessThan(Limits.Limit, $"{streams.Count} streams are still open.");
            slowest.Add(await SlowestAsync(server.Client));
        }

        TimeSpan median = slowest.Order().ElementAt(slowest.Count / 2);
        output.WriteLine($"All were cut within {_time.GetElapsedTime(start).TotalSeconds:0.0} s. Meanwhile {slowest.Count} times: submit, poll, stream; the slowest step took {slowest.Max().TotalMilliseconds:0} ms, at the median {median.TotalMilliseconds:0} ms.");
        _time.GetElapsedTime(start).ShouldBeGreaterThan(Patience / 2);
        median.ShouldBeLessThan(Quick);
        slowest.Max().ShouldBeLessThan(QuickAtWorst);
        (await answers).ShouldAllBe(answer => answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal));
        await Task.WhenAll(readers.Select(reader => reader.ReadToEndAsync())).Limited();
        Connections(server).ShouldBeLessThan(5, "Those of the client that is none of them.");
        (await server.Client.GetAsync(busy)).ShouldBe(202);
        Array.ForEach([.. headers, .. bodies, .. readers], client => client.Dispose());
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MostMemoryKept);
    }

    private static Task<SlowClient[]> ConnectAsync(GatewayServer server, int count, string request) => Task.WhenAll(Enumerable.Range(0, count).Select(_ => SlowClient.ConnectAsync(server.Client.Address, request)));

    /// <summary>What others do: how long the slowest step of it took.</summary>
    private async Task<TimeSpan> SlowestAsync(GatewayClient client)
    {
        long start = _time.GetTimestamp();
        string uri = (await client.SubmitAsync(Inputs.Demo, Inputs.Quick)).Uri;
        TimeSpan submitted = _time.GetElapsedTime(start);
        start = _time.GetTimestamp();
        (await client.GetAsync(uri)).Code.ShouldBeOneOf(200, 202);
        TimeSpan polled = _time.GetElapsedTime(start);
        start = _time.GetTimestamp();
        await using EventStream stream = await client.WatchAsync(uri);
        (await stream.ToEndAsync())[^1].Number("status").ShouldBe(0);
        return new[] { submitted, polled, _time.GetElapsedTime(start) }.Max();
    }

    private static int Connections(GatewayServer server) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections().Count(tcp => tcp.LocalEndPoint.Port == server.Client.Address.Port && tcp.State == TcpState.Established);
}
