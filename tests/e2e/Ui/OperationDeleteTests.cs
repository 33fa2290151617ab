using Microsoft.Playwright;
using RealtimeOps.TestSupport;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>Deleting, with second thoughts.</summary>
public sealed class OperationDeleteTests
{
    private const string Path = "/operations/demo.steps/report";

    [Fact(Timeout = 180_000)]
    public async Task Page_DeleteUndone_DeletesNothingAndDismissedDeletesAtOnce()
    {
        await using UiSite site = await UiSite.StartAsync();
        UiPage ui = await OpenEndedAsync(site);
        ILocator delete = ui.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true });

        await delete.ClickAsync();
        // Pointed at, it stays.
        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).HoverAsync();
        await Expect(delete).ToBeDisabledAsync();
        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(delete).ToBeEnabledAsync();
        (await site.Client.GetAsync(Path)).ShouldBe(200);

        await delete.ClickAsync();
        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Expect(ui.Page.GetByRole(AriaRole.Heading, new() { Name = "It is deleted" })).ToBeVisibleAsync();
        (await site.Client.GetAsync(Path)).ShouldBe(410);
        await site.EndAsync();
    }

    [Fact(Timeout = 180_000)]
    public async Task Page_LeftBeforeTheTimeToUndoIsOver_Deletes()
    {
        await using UiSite site = await UiSite.StartAsync();
        UiPage ui = await OpenEndedAsync(site);
        await using EventStream feed = await site.Client.WatchAsync("/operations");

        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await ui.Page.GotoAsync("about:blank");
        while (await feed.NextAsync() is { } change && change.EventType != "gone")
        {
            // The feed tells of other things too.
        }

        (await site.Client.GetAsync(Path)).ShouldBe(410);
        await site.EndAsync();
    }

    private static async Task<UiPage> OpenEndedAsync(UiSite site)
    {
        (await site.Client.PutAsync(Path, new { steps = 1, stepMs = 1 }, ("Prefer", "wait=10"))).ShouldBe(200);
        return await site.OpenAsync("/ui" + Path);
    }
}
