using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>An operation that fails, says why, and is submitted again.</summary>
public sealed class OperationFailureTests
{
    private const string Path = "/operations/demo.steps/import";

    [Fact(Timeout = 180_000)]
    public async Task Page_FailureResubmitted_SaysWhyAndLinksBothWays()
    {
        await using UiSite site = await UiSite.StartAsync();
        (await site.Client.PutAsync(Path, new { steps = 10, stepMs = 20, failAt = 7, failStatus = 507, message = "The disk is full. הדיסק מלא" })).ShouldBe(202);

        UiPage ui = await site.OpenAsync("/ui" + Path);
        ILocator failure = ui.Page.Locator("section.failure");
        await Expect(failure).ToContainTextAsync("The disk is full.");
        await Expect(failure).ToContainTextAsync("Error code 507");
        await Expect(ui.Page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("^Timeline: in all .* attempt 1 ran .*, failed") })).ToBeVisibleAsync();
        await ui.LooksWellAsync("operation-failed");

        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Resubmit", Exact = true }).ClickAsync();
        await Expect(ui.Page).ToHaveURLAsync(new Regex("/ui/operations/demo.steps/(?!import)"));
        await Expect(ui.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await Expect(failure).ToContainTextAsync("The disk is full.");
        ILocator facts = ui.Page.GetByRole(AriaRole.Region, new() { Name = "Facts" });
        await facts.GetByRole(AriaRole.Link, new() { Name = "import", Exact = true }).ClickAsync();
        await Expect(ui.Page).ToHaveTitleAsync("Failed · import · RealtimeOps");
        await Expect(facts).ToContainTextAsync("Repeated as");
        await site.EndAsync();
    }

    [Fact(Timeout = 180_000)]
    public async Task Page_RetriedAttempt_SaysWhyAndWhenTheNextBegins()
    {
        await using UiSite site = await UiSite.StartAsync("--Operations:demo.steps:RetryDelays:0=00:05:00");
        (await site.Client.PutAsync(Path, new { steps = 10, stepMs = 20, failTimes = 1 })).ShouldBe(202);

        UiPage ui = await site.OpenAsync("/ui" + Path);
        ILocator progress = ui.Page.GetByRole(AriaRole.Region, new() { Name = "Progress" });
        await Expect(progress).ToContainTextAsync("Retrying");
        await Expect(progress).ToContainTextAsync("Attempt 1 failed, as asked.");
        await Expect(progress).ToContainTextAsync("The next one starts in more than half a minute");
        await ui.LooksWellAsync("operation-retrying");
        await site.EndAsync();
    }

    [Fact(Timeout = 180_000)]
    public async Task Page_UnknownAndDeletedOperations_SaySo()
    {
        await using UiSite site = await UiSite.StartAsync();
        site.Chromium.ExpectErrors("status of (404|410) .*/operations/demo.steps/");
        await site.Client.PutAsync(Path, new { steps = 0, stepMs = 0 }, ("Prefer", "wait=10"));
        (await site.Client.DeleteAsync(Path)).ShouldBe(204);

        UiPage ui = await site.OpenAsync("/ui" + Path);
        await Expect(ui.Page.GetByRole(AriaRole.Heading, new() { Name = "This operation is gone" })).ToBeVisibleAsync();
        await ui.LooksWellAsync("operation-gone");
        await ui.GoAsync("/ui/operations/demo.steps/never-was");
        await Expect(ui.Page.GetByRole(AriaRole.Heading, new() { Name = "There is no such operation" })).ToBeVisibleAsync();
        await site.EndAsync();
    }
}
