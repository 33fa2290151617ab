using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Hub;

/// <summary>The hub, with the client that its users have: <c>@microsoft/signalr</c>, over each of its transports. What is expected stands in journeys.mjs.</summary>
public sealed class HubTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Transports = ["webSockets", "serverSentEvents", "longPolling"];

    private readonly TemporaryFolder _data = new();

    public static TheoryData<string> AllTransports { get; } = [.. Transports];

    public static TheoryData<string, string> InNode { get; } = Combine("watch", "live", "follow", "refusals");

    public static TheoryData<string, string> InChromium { get; } = Combine("watch", "live", "follow");

    public void Dispose() => _data.Dispose();

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(InNode))]
    public async Task Hub_ClientUnderNode_GetsWhatItExpects(string transport, string journey)
    {
        Node.Require();
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);

        output.WriteLine(await Shell.RunAsync($"node tests/e2e/Hub/node.mjs {server.Client.Address} {transport} {journey}"));

        await server.StopAsync();
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(InChromium))]
    public async Task Hub_ClientInChromium_GetsWhatItExpects(string transport, string journey)
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await Chromium.StartAsync();
        // It closes with a DELETE while its last poll may still be on the way: that one finds the connection gone.
        chromium.ExpectErrors(@"status of 404 .*/hubs/operations\?id=");
        IPage page = await chromium.OpenAsync(server.Client.Address, "");
        await page.AddScriptTagAsync(new() { Path = Path.Combine(Repository.Root, "src/Web/node_modules/@microsoft/signalr/dist/browser/signalr.min.js") });
        string journeys = await Repository.ReadAsync("tests/e2e/Hub/journeys.mjs", TestContext.Current.CancellationToken);
        await page.RouteAsync("**/journeys.mjs", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = journeys }));

        await page.EvaluateAsync(
            "async ([base, transport, journey]) => (await import('/journeys.mjs')).run(signalR, base, transport, journey)",
            new[] { server.Client.Address.ToString(), transport, journey }).Limited();

        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    /// <summary>Large snapshots, far more of them than fit on the way: a backlog would be as many as others have seen meanwhile.</summary>
    [Theory(Timeout = 120_000)]
    [MemberData(nameof(AllTransports))]
    public async Task Hub_ClientThatTakesNothingForAWhile_GetsTheNewestAndNoBacklog(string transport)
    {
        Node.Require();
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        string tags = string.Join('&', Enumerable.Range(0, 30).Select(number => $"tag.filler{number}={new string('x', 180)}"));
        (await server.Client.PutAsync("/operations/demo.steps/slow?" + tags, new { steps = 10_000, stepMs = 0.6 })).ShouldBe(202);
        await using EventStream others = await server.Client.WatchAsync("/operations/demo.steps/slow");
        Task<List<JsonElement>> seenByOthers = others.ToEndAsync();

        string said = await Shell.RunAsync($"node tests/e2e/Hub/node.mjs {server.Client.Address} {transport} slow");

        double given = double.Parse(said, CultureInfo.InvariantCulture);
        int made = (await seenByOthers).Count;
        output.WriteLine($"{made} snapshots, of which the slow client was given {given}.");
        given.ShouldBeLessThan(made / 2.0);
        await server.StopAsync();
    }

    private static TheoryData<string, string> Combine(params string[] journeys) =>
        new(from transport in Transports from journey in journeys select (transport, journey));
}
