using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Browser;

/// <summary>Many tabs of one browser, which could not have a connection each: over HTTP/1.1 it opens six to a host.</summary>
[Collection(Alone.Name)]
public sealed class SharedTabsTests : IDisposable
{
    private const string Path = "/operations/demo.steps/watched";
    private const int Tabs = 8;

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Element_SharedInEightTabs_UsesOneConnectionAndSurvivesItsTab()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await Chromium.StartAsync();
        var connections = new ConcurrentQueue<IPage>();
        var requests = new ConcurrentQueue<string>();
        chromium.Context.Page += (_, page) => page.WebSocket += (_, _) => connections.Enqueue(page);
        chromium.Context.Request += (_, request) =>
        {
            if (new Uri(request.Url).AbsolutePath == Path)
            {
                requests.Enqueue(request.Url);
            }
        };
        (await server.Client.PutAsync(Path, new { steps = 4000, stepMs = 50 })).ShouldBe(202);

        var tabs = new List<ElementPage>();
        for (int tab = 0; tab < Tabs; tab++)
        {
            tabs.Add(await ElementPage.OpenAsync(chromium, server.Client.Address, Path, "shared"));
        }

        await Task.WhenAll(tabs.Select(tab => tab.ProgressesAsync()));
        IPage leader = connections.ShouldHaveSingleItem();
        await leader.CloseAsync();
        tabs.RemoveAll(tab => tab.Page == leader).ShouldBe(1);
        await Task.WhenAll(tabs.Select(tab => tab.ProgressesAsync()));
        connections.Count.ShouldBe(2, "Another tab leads, and only one.");
        (await server.Client.PostAsync(Path + "/cancel")).ShouldBe(202);
        await Task.WhenAll(tabs.Select(tab => tab.EndsAsync()));

        foreach (ElementPage tab in tabs)
        {
            JsonElement[] seen = await tab.SeenAsync();
            seen.Select(status => status.Number("version")!.Value).ShouldBeInOrder();
            seen[^1].Text("state").ShouldBe("canceled");
        }

        requests.ShouldBeEmpty("Each tab asked only the one that leads.");
        connections.Count.ShouldBe(2);
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }
}
