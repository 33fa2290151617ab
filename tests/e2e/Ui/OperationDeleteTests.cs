using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>Deleting, with second thoughts.</summary>
public sealed class OperationDeleteTests : IDisposable
{
    private const string Path = "/operations/demo.steps/report";

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task Page_DeleteUndone_DeletesNothingAndDismissedDeletesAtOnce()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await UiPage.StartChromiumAsync();
        UiPage ui = await OpenEndedAsync(server, chromium);
        ILocator delete = ui.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true });

        await delete.ClickAsync();
        // Pointed at, it stays.
        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).HoverAsync();
        await Expect(delete).ToBeDisabledAsync();
        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(delete).ToBeEnabledAsync();
        (await server.Client.GetAsync(Path)).ShouldBe(200);

        await delete.ClickAsync();
        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Expect(ui.Page.GetByRole(AriaRole.Heading, new() { Name = "It is deleted" })).ToBeVisibleAsync();
        (await server.Client.GetAsync(Path)).ShouldBe(410);
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    [Fact(Timeout = 180_000)]
    public async Task Page_LeftBeforeTheTimeToUndoIsOver_Deletes()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await UiPage.StartChromiumAsync();
        UiPage ui = await OpenEndedAsync(server, chromium);
        await using EventStream feed = await server.Client.WatchAsync("/operations");

        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await ui.Page.GotoAsync("about:blank");
        while (await feed.NextAsync() is { } change && change.EventType != "gone")
        {
            // The feed tells of other things too.
        }

        (await server.Client.GetAsync(Path)).ShouldBe(410);
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    private static async Task<UiPage> OpenEndedAsync(GatewayProcess server, Chromium chromium)
    {
        (await server.Client.PutAsync(Path, new { steps = 1, stepMs = 1 }, ("Prefer", "wait=10"))).ShouldBe(200);
        return await UiPage.OpenAsync(chromium, server.Client.Address, "/ui" + Path);
    }
}
