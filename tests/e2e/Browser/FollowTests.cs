using System.Text.Json;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Browser;

/// <summary>A page that follows everything, with the client as the server hands it out.</summary>
public sealed class FollowTests : IDisposable
{
    private static readonly object Short = new { steps = 3, stepMs = 20 };

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData("auto", "signalr")]
    [InlineData("sse", "sse")]
    [InlineData("poll", "poll")]
    public async Task Follow_OverEachTransport_TellsWhatIsThereAndWhatChanges(string transport, string used)
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await Chromium.StartAsync();
        (await server.Client.PutAsync("/operations/demo.steps/before?tag.of=mine", new { steps = 4000, stepMs = 50 })).ShouldBe(202);
        IPage page = await OpenAsync(chromium, server.Client.Address, transport);

        await ReachesAsync(page, "ready");
        await ReachesAsync(page, "transport " + used);
        (await server.Client.PutAsync("/operations/demo.steps/others", Short)).ShouldBe(202);
        (await server.Client.PutAsync("/operations/demo.steps/after?tag.of=mine", Short)).ShouldBe(202);
        await ReachesAsync(page, "after 100");

        string[] told = await ToldAsync(page);
        told.First(text => !text.StartsWith("transport ", StringComparison.Ordinal)).ShouldStartWith("before ");
        told.ShouldNotContain(text => text.StartsWith("others", StringComparison.Ordinal));
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("auto")]
    [InlineData("sse")]
    public async Task Follow_ServerKilledAndRestarted_MissesNothing(string transport)
    {
        await using var server = new MortalServer(_data.Path);
        await server.StartAsync();
        await using Chromium chromium = await Chromium.StartAsync();
        chromium.ExpectErrors(Chromium.LostConnections);
        Uri address = await server.AskAsync(client => Task.FromResult(client.Address));
        IPage page = await OpenAsync(chromium, address, transport);
        await ReachesAsync(page, "ready");
        (await server.AskAsync(client => client.PutAsync("/operations/demo.steps/long?tag.of=mine", new { steps = 40, stepMs = 50 }))).ShouldBe(202);
        (await server.AskAsync(client => client.PutAsync("/operations/demo.steps/first?tag.of=mine", Short))).ShouldBe(202);
        await ReachesAsync(page, "first 100");

        await server.KillAsync();
        await ReachesAsync(page, "transport undefined");
        await server.StartAsync();
        (await server.AskAsync(client => client.PutAsync("/operations/demo.steps/next?tag.of=mine", Short))).ShouldBe(202);

        await ReachesAsync(page, "long 100");
        await ReachesAsync(page, "next 100");
        // Polling, the makeshift in between, cannot tell a deletion.
        await page.WaitForFunctionAsync("() => { const at = told.indexOf('reset'); return at >= 0 && told.indexOf('ready', at) > 0; }");
        (await server.AskAsync(client => client.DeleteAsync("/operations/demo.steps/first"))).ShouldBe(204);
        await ReachesAsync(page, "gone first");
        (await ToldAsync(page)).ShouldContain("reset", "Positions are those of one life of the server: the page is told to forget.");
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    private static async Task<IPage> OpenAsync(Chromium chromium, Uri gateway, string transport) => await chromium.OpenAsync(gateway, $$"""
        <script type="module">
          import { follow } from '/realtimeops-client.js';
          window.told = [];
          const tell = text => told.at(-1) === text || told.push(text);
          follow('/', {
            transport: '{{transport}}',
            filter: { type: 'demo.steps', tags: { of: 'mine' } },
            onStatus: status => tell(`${status.id} ${status.progress}`),
            onGone: uri => tell(`gone ${uri.split('/').at(-1)}`),
            onReset: () => tell('reset'),
            onReady: () => tell('ready'),
            onTransport: transport => tell(`transport ${transport}`),
          });
        </script>
        """);

    private static Task ReachesAsync(IPage page, string text) => page.WaitForFunctionAsync("text => window.told?.includes(text)", text);

    private static async Task<string[]> ToldAsync(IPage page) => [.. (await page.EvaluateAsync<JsonElement>("() => told")).EnumerateArray().Select(text => text.GetString()!)];
}
