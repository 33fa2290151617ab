using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>The whole page without a mouse.</summary>
public sealed class OperationKeyboardTests
{
    private const string Path = "/operations/demo.steps/a-very-long-name-that-somebody-has-made-of-a-path-of-folders-and-of-a-date-2026-01-01-and-of-a-number-0000001";
    private const int MostTabs = 60;

    [Fact(Timeout = 180_000)]
    public async Task Page_KeyboardOnly_ReachesAndWorksEverything()
    {
        await using UiSite site = await UiSite.StartAsync();
        await site.Chromium.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        object result = new { name = "مرحبا", rows = Enumerable.Range(0, 250).Select(id => new { id }) };
        (await site.Client.PutAsync(Path, new { steps = 2, stepMs = 1, result }, ("Prefer", "wait=10"))).ShouldBe(200);
        UiPage ui = await site.OpenAsync("/ui" + Path);
        IPage page = ui.Page;
        ILocator tree = page.GetByRole(AriaRole.Tree, new() { Name = "The result" });
        await Expect(tree.GetByRole(AriaRole.Treeitem)).ToHaveCountAsync(3);
        await ui.LooksWellAsync("operation-tree");

        await TabToAsync(page, page.GetByText("As a list"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Attempt 1 started").First).ToBeVisibleAsync();

        await TabToAsync(page, tree.GetByRole(AriaRole.Treeitem).First);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        ILocator rows = tree.GetByRole(AriaRole.Treeitem, new() { NameRegex = new Regex("^rows") });
        await Expect(rows).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(rows).ToHaveAttributeAsync("aria-expanded", "true");
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("Enter");
        await Expect(tree.GetByRole(AriaRole.Treeitem, new() { NameRegex = new Regex("^100 ") })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(rows).ToBeFocusedAsync();

        await TabToAsync(page, page.GetByRole(AriaRole.Combobox, new() { Name = "Keep for" }));
        await page.Keyboard.TypeAsync("7");
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "It is kept until" })).ToBeVisibleAsync();

        await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Copy the command: Server-sent events" }));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("async command => await navigator.clipboard.readText() === command", $"curl -sSN {new Uri(site.Client.Address, Path)} -H 'Accept: text/event-stream'");
        await site.EndAsync();
    }

    private static async Task TabToAsync(IPage page, ILocator wanted)
    {
        for (int tabs = 0; tabs < MostTabs; tabs++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAsync<bool>("element => element.getRootNode().activeElement === element"))
            {
                return;
            }
        }

        Assert.Fail($"{wanted} cannot be reached with the tabulator key.");
    }
}
