using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>An operation that runs until somebody cancels it in the page.</summary>
public sealed class OperationCancelTests
{
    private const string Path = "/operations/demo.steps/slow";

    [Fact(Timeout = 180_000)]
    public async Task Page_Cancel_ShowsItRunAndEnd()
    {
        await using UiSite site = await UiSite.StartAsync();
        (await site.Client.PutAsync(Path, new { steps = 6_000, stepMs = 100 })).ShouldBe(202);

        UiPage ui = await site.OpenAsync("/ui" + Path);
        await Expect(ui.Page.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("aria-valuenow", new Regex("^[1-9][0-9]?$"));
        await Expect(ui.Page).ToHaveTitleAsync(new Regex("^[1-9][0-9]? % · slow"));
        await Expect(ui.Page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("^Timeline: so far .* attempt 1 ran .*, running") })).ToBeVisibleAsync();
        await Expect(ui.Page.GetByRole(AriaRole.Region, new() { Name = "Activity, newest first" })).ToContainTextAsync(new Regex("Step [0-9]+ of 6000"));
        await ui.LooksWellAsync("operation-running");

        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        // By now it may have run for so long that the page asks.
        await ConfirmIfAskedAsync(ui.Page);
        await Expect(ui.Page).ToHaveTitleAsync("Canceled · slow · RealtimeOps");
        await Expect(ui.Page.GetByRole(AriaRole.Region, new() { Name = "Activity, newest first" })).ToContainTextAsync("Somebody asked to cancel it");
        await Expect(ui.Page.GetByRole(AriaRole.Button, new() { Name = "Resubmit", Exact = true })).ToBeVisibleAsync();
        await ui.LooksWellAsync("operation-canceled");
        await site.EndAsync();
    }

    private static async Task ConfirmIfAskedAsync(IPage page)
    {
        ILocator yes = page.GetByRole(AriaRole.Button, new() { Name = "Cancel it" });
        await Expect(yes.Or(page.GetByRole(AriaRole.Button, new() { Name = "Resubmit", Exact = true }))).ToBeVisibleAsync();
        if (await yes.IsVisibleAsync())
        {
            await yes.ClickAsync();
        }
    }
}
