using System.Text.Json;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Browser;

/// <summary>A page that watches while its server dies, a proxy answers in its stead, and it comes back.</summary>
public sealed class RestartTests : IDisposable
{
    private const string Path = "/operations/demo.steps/watched";
    private const int BadGateways = 2;

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData("auto")]
    [InlineData("sse")]
    [InlineData("longpoll")]
    public async Task Element_ServerKilledAndRestarted_ComesBackAndSeesTheEnd(string transport)
    {
        await using var server = new MortalServer(_data.Path);
        await server.StartAsync();
        await using Chromium chromium = await Chromium.StartAsync();
        chromium.ExpectErrors(Chromium.LostConnections + "|status of 502");
        (await server.AskAsync(client => client.PutAsync(Path, new { steps = 4000, stepMs = 50 }))).ShouldBe(202);
        Uri address = await server.AskAsync(client => Task.FromResult(client.Address));
        ElementPage shown = await ElementPage.OpenAsync(chromium, address, Path, $"transport={transport}");
        await shown.ProgressesAsync();

        Task proxyAnswered = await AnswerBadGatewayAsync(shown.Page);
        await server.KillAsync();
        await proxyAnswered;
        await server.StartAsync();
        await shown.Page.UnrouteAsync("**" + Path);
        await shown.Page.WaitForFunctionAsync("() => seen.at(-1)?.attempt === 2");
        (await server.AskAsync(client => client.PostAsync(Path + "/cancel"))).ShouldBe(202);
        await shown.EndsAsync();

        JsonElement[] seen = await shown.SeenAsync();
        seen.Select(status => status.Number("version")!.Value).ShouldBeInOrder();
        seen.Count(status => status.Number("progress") == 100).ShouldBe(1);
        seen[^1].Text("state").ShouldBe("canceled");
        seen[^1].Number("attempt").ShouldBe(2);
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    /// <summary>From now on a proxy answers for the operation. The task ends when it has done so a few times.</summary>
    private static async Task<Task> AnswerBadGatewayAsync(IPage page)
    {
        var answered = new Signal();
        int count = 0;
        await page.RouteAsync("**" + Path, async route =>
        {
            await route.FulfillAsync(new() { Status = 502, ContentType = "text/html", Body = "<h1>Bad gateway</h1>" });
            if (Interlocked.Increment(ref count) == BadGateways)
            {
                answered.Set();
            }
        });
        return answered.ReachedAsync();
    }
}
