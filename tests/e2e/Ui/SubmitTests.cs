using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>The form that is made from a type's schema.</summary>
public sealed partial class SubmitTests
{
    [Fact(Timeout = 120_000)]
    public async Task Form_FaultsThenPutRight_StartsTheOperation()
    {
        await using UiSite site = await UiSite.StartAsync();
        site.Chromium.ExpectErrors("status of 400 .*/operations/demo.steps/");
        UiPage shown = await site.OpenAsync("/ui/submit?type=demo.steps");
        IPage page = shown.Page;
        ILocator steps = page.GetByLabel("steps", new() { Exact = true });
        await shown.LooksWellAsync("submit");

        await page.GetByLabel("failAt").FillAsync("many");
        await SubmitAsync(page);
        await Expect(page.GetByLabel("failAt")).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("failAt must be a number");
        await page.GetByLabel("failAt").FillAsync("");

        await steps.FillAsync("-1");
        await SubmitAsync(page);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("2 things are not right");
        await Expect(steps).ToBeFocusedAsync();
        await Expect(steps).ToHaveAccessibleDescriptionAsync(new Regex("^must be at least 0"));
        await Expect(page.GetByLabel("stepMs")).ToHaveAttributeAsync("aria-invalid", "true");
        await shown.LooksWellAsync("submit-faults");

        await steps.FillAsync("3");
        await Expect(steps).ToHaveAttributeAsync("aria-invalid", "false");
        await page.GetByLabel("stepMs").FillAsync("1.50");
        await page.GetByLabel("result").FillAsync("{\"big\": 12345678901234567890}");
        await page.GetByText("Options").ClickAsync();
        await page.GetByLabel("Own id").FillAsync("by-form");
        await page.GetByPlaceholder("Name").FillAsync("team");
        await page.GetByPlaceholder("Name").PressAsync("Enter");
        await page.GetByLabel("team", new() { Exact = true }).FillAsync("maps & more");
        await SubmitAsync(page);

        await Expect(page).ToHaveURLAsync(new Uri(site.Client.Address, "/ui/operations/demo.steps/by-form").ToString());
        Answer input = await site.Client.GetAsync("/operations/demo.steps/by-form/input");
        input.Text.ShouldContain("12345678901234567890");
        JsonElement status = await site.Client.WaitForEndAsync("/operations/demo.steps/by-form");
        status.GetProperty("tags").Text("team").ShouldBe("maps & more");
        await site.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Json_ThereAndBack_LosesNothingAndIsRemembered()
    {
        await using UiSite site = await UiSite.StartAsync();
        UiPage shown = await site.OpenAsync("/ui/submit?type=demo.steps");
        IPage page = shown.Page;
        ILocator text = page.GetByLabel("Input as JSON");

        await Mode(page, "JSON").ClickAsync();
        await text.FillAsync("""{"steps": "not a number", "stepMs": 1.50, "more": {"deep": [null]}, "failAt": null}""");
        await Mode(page, "Form").ClickAsync();
        await Expect(page.GetByLabel("steps", new() { Exact = true })).ToHaveValueAsync("\"not a number\"");
        await Expect(page.GetByLabel("stepMs")).ToHaveValueAsync("1.50");
        await page.GetByLabel("steps", new() { Exact = true }).FillAsync("7");
        await Mode(page, "JSON").ClickAsync();
        Squeeze(await text.InputValueAsync()).ShouldBe("""{"steps":7,"stepMs":1.50,"more":{"deep":[null]},"failAt":null}""");

        await text.FillAsync("{\"steps\": 7,");
        await Mode(page, "Form").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("line 1, column 13");
        await Expect(text).ToBeFocusedAsync();
        await shown.LooksWellAsync("submit-json");

        await page.ReloadAsync();
        await Expect(text).ToHaveValueAsync("{\"steps\": 7,");
        await page.GetByLabel("Type").SelectOptionAsync("csv.profile");
        await Expect(page.GetByText("Drop a file here")).ToBeVisibleAsync();
        await page.GetByLabel("Type").SelectOptionAsync("demo.steps");
        await Expect(text).ToHaveValueAsync("{\"steps\": 7,");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(page.GetByLabel("steps", new() { Exact = true })).ToHaveValueAsync("");
        await site.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Keyboard_Alone_FillsInAndSubmits()
    {
        await using UiSite site = await UiSite.StartAsync();
        IPage page = (await site.OpenAsync("/ui/submit?type=demo.steps")).Page;
        await Expect(page.GetByLabel("steps", new() { Exact = true })).ToBeVisibleAsync();

        for (int tabs = 0; tabs < 20 && !await page.GetByLabel("steps", new() { Exact = true }).EvaluateAsync<bool>("field => field.getRootNode().activeElement === field"); tabs++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.TypeAsync("2");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("1");
        await page.Keyboard.PressAsync("Control+Enter");

        await Expect(page).ToHaveURLAsync(OperationAddress());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await site.EndAsync();
    }

    private static Task SubmitAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Submit", Exact = true }).ClickAsync();

    private static ILocator Mode(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static string Squeeze(string json) => Space().Replace(json, "");

    [GeneratedRegex(@"(?<=[:,\[{\]}]|^)\s+|\s+(?=[\]}])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();

    [GeneratedRegex("/ui/operations/demo.steps/[0-9a-z]{26}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OperationAddress();
}
