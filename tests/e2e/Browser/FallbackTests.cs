using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Browser;

/// <summary>Networks that let only some things through.</summary>
[Collection(Alone.Name)]
public sealed class FallbackTests : IDisposable
{
    private const string Path = "/operations/demo.steps/watched";

    private static readonly TimeSpan FallLimit = TimeSpan.FromSeconds(3);

    /// <summary>What a busy machine may add. Whoever fell without need climbs back later than that.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    /// <summary>A failed climb or two, each followed by a rest.</summary>
    private static readonly TimeSpan ClimbLimit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData("signalr")]
    [InlineData("sse", "signalr")]
    [InlineData("longpoll", "signalr", "sse")]
    [InlineData("poll", "signalr", "sse", "longpoll")]
    public async Task Element_TransportsSwallowed_UsesTheNextWithinThreeSecondsEach(string reached, params string[] swallowed)
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await Chromium.StartAsync();
        await Blockade.RaiseAsync(chromium.Context, swallowed);
        // Not too long: a poller's pace follows from what is left.
        (await server.Client.PutAsync(Path, new { steps = 200, stepMs = 100 })).ShouldBe(202);

        ElementPage shown = await ElementPage.OpenAsync(chromium, server.Client.Address, Path);
        TimeSpan took = await shown.ReachesAsync(reached);
        (await server.Client.PostAsync(Path + "/cancel")).ShouldBe(202);
        await shown.EndsAsync();

        took.ShouldBeLessThan((FallLimit * Math.Max(1, swallowed.Length)) + Slack);
        (await shown.SeenAsync())[^1].Text("state").ShouldBe("canceled");
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Element_NetworkMended_ClimbsBackWithoutAGap()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await Chromium.StartAsync();
        Blockade blockade = await Blockade.RaiseAsync(chromium.Context, ["signalr", "sse", "longpoll"]);
        (await server.Client.PutAsync(Path, new { steps = 2000, stepMs = 50 })).ShouldBe(202);
        ElementPage shown = await ElementPage.OpenAsync(chromium, server.Client.Address, Path);
        await shown.ReachesAsync("poll");

        blockade.Lift();
        await shown.ReachesAsync("signalr", ClimbLimit);
        await shown.ProgressesAsync();
        (await server.Client.PostAsync(Path + "/cancel")).ShouldBe(202);
        await shown.EndsAsync();

        (await shown.SeenAsync()).Select(status => status.Number("version")!.Value).ShouldBeInOrder();
        (await shown.Page.EvaluateAsync<bool>("() => transports.slice(0, -1).some(used => used.name === null)")).ShouldBeFalse("It was without a connection.");
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }
}
