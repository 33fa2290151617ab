using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>The board, as a person uses it.</summary>
public sealed partial class BoardTests
{
    [Fact(Timeout = 120_000)]
    public async Task Filters_TypedAndChosen_StandInTheAddressAndComeBackWithIt()
    {
        await using UiSite site = await UiSite.StartAsync();
        (await site.Client.PutAsync("/operations/demo.steps/maps-1?tag.team=maps", new { steps = 2000, stepMs = 100 })).ShouldBe(202);
        (await site.Client.PutAsync("/operations/demo.steps/maps-2?tag.team=maps", new { steps = 1, stepMs = 0, failAt = 1, message = "No header line." })).ShouldBe(202);
        (await site.Client.PutAsync("/operations/demo.steps/other", new { steps = 1, stepMs = 0 })).ShouldBe(202);
        UiPage shown = await site.OpenAsync();
        IPage page = shown.Page;
        await Expect(page.Locator(".row")).ToHaveCountAsync(3);
        await shown.LooksWellAsync("board");

        await page.GetByLabel("Tag, as name").FillAsync("team=maps");
        await Expect(page.Locator(".row")).ToHaveCountAsync(2);
        await page.GetByLabel("State", new() { Exact = true }).SelectOptionAsync("failed");
        await page.GetByLabel("Type", new() { Exact = true }).SelectOptionAsync("demo.steps");
        await page.GetByLabel("Filter by text").FillAsync("header");
        await Expect(page.Locator(".row")).ToHaveCountAsync(1);
        await Expect(page).ToHaveURLAsync(FilteredAddress());

        await page.ReloadAsync();
        await Expect(page.Locator(".row")).ToHaveCountAsync(1);
        await Expect(page.Locator(".row a")).ToHaveTextAsync("maps-2");
        await page.GetByLabel("Filter by text").FillAsync("nothing like it");
        await Expect(page.GetByText("No operation matches")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear the filter" }).ClickAsync();
        await Expect(page.Locator(".row")).ToHaveCountAsync(3);
        await site.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Keyboard_Alone_FindsOpensAndComesBack()
    {
        await using UiSite site = await UiSite.StartAsync();
        foreach (int number in Enumerable.Range(1, 40))
        {
            (await site.Client.PutAsync($"/operations/demo.steps/ended-{number:00}", new { steps = 1, stepMs = 0 })).ShouldBe(202);
        }

        (await site.Client.PutAsync("/operations/demo.steps/running", new { steps = 2000, stepMs = 100 })).ShouldBe(202);
        IPage page = (await site.OpenAsync()).Page;
        ILocator grid = page.GetByRole(AriaRole.Treegrid);
        ILocator active = page.Locator(".active");
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", "43");

        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByText("Skip to content")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByLabel("Filter by text")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("ended");
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", "41");
        await page.Keyboard.PressAsync("ControlOrMeta+a");
        await page.Keyboard.PressAsync("Delete");
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", "43");
        while (!await grid.EvaluateAsync<bool>("grid => grid.getRootNode().activeElement === grid"))
        {
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.PressAsync("End");
        await Expect(active).ToHaveAttributeAsync("aria-rowindex", "43");
        await Expect(active).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.Keyboard.PressAsync("Home");
        await Expect(active).ToContainTextAsync("Running");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(active).ToHaveAttributeAsync("aria-expanded", "false");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(active.Locator("a")).ToHaveTextAsync("running");
        await Expect(grid).ToHaveAttributeAsync("aria-activedescendant", "row-1");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Uri(site.Client.Address, "/ui/operations/demo.steps/running").ToString());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await page.GoBackAsync();
        await Expect(grid).ToBeVisibleAsync();
        await site.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Theme_Chosen_HoldsFromTheFirstPaint()
    {
        await using UiSite site = await UiSite.StartAsync();
        IPage page = (await site.OpenAsync()).Page;
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });

        await page.GetByRole(AriaRole.Button, new() { Name = "Theme: as the system" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
        await Expect(page.Locator("html")).ToHaveCSSAsync("background-color", "rgb(251, 251, 249)");
        await page.AddInitScriptAsync("""
            new PerformanceObserver(list => { window.themeAtFirstPaint ??= list.getEntries().length && document.documentElement.dataset.theme }).observe({ type: 'paint', buffered: true });
            """);
        await page.ReloadAsync();
        await page.WaitForFunctionAsync("() => window.themeAtFirstPaint !== undefined");
        (await page.EvaluateAsync<string>("() => window.themeAtFirstPaint")).ShouldBe("light");
        await page.GetByRole(AriaRole.Button, new() { Name = "Theme: light" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Theme: dark" }).ClickAsync();
        await Expect(page.Locator("html")).Not.ToHaveAttributeAsync("data-theme", AnyText());
        await site.EndAsync();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("WebSocket")]
    [InlineData("Server-sent events", "signalr")]
    [InlineData("Polling", "signalr", "sse")]
    public async Task Connection_TransportsSwallowed_ShowsTheOneThatWorks(string transport, params string[] swallowed)
    {
        await using UiSite site = await UiSite.StartAsync();
        await Blockade.RaiseAsync(site.Chromium.Context, swallowed);
        (await site.Client.PutAsync("/operations/demo.steps/watched", new { steps = 2000, stepMs = 100 })).ShouldBe(202);

        IPage page = (await site.OpenAsync()).Page;

        await Expect(page.Locator("rops-connection .over")).ToHaveTextAsync(transport);
        ILocator bar = page.GetByRole(AriaRole.Progressbar, new() { Name = "watched" });
        string? before = await bar.GetAttributeAsync("aria-valuenow");
        await Expect(bar).Not.ToHaveAttributeAsync("aria-valuenow", before!);
        await site.EndAsync();
    }

    [GeneratedRegex(@"\?text=header&type=demo\.steps&state=failed&tag=team%3Dmaps$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FilteredAddress();

    [GeneratedRegex(".", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyText();
}
