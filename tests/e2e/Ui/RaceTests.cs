using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>The page that waits for one operation in all five ways at once.</summary>
public sealed class RaceTests
{
    private const int Steps = 0;
    private const int Median = 2;
    private const int End = 4;
    private const int Requests = 5;

    private static readonly string[] Ways = ["Poll", "Long poll", "Server-sent events", "SignalR", "Callback"];
    private static readonly Regex BelowASecond = new("^[0-9]+ ms$");

    [Fact(Timeout = 180_000)]
    public async Task Page_Race_AllFiveLearnOfTheEndAndThoseThatArePushedAtOnce()
    {
        await using UiSite site = await UiSite.StartAsync();
        UiPage ui = await site.OpenAsync("/ui/race?length=short");
        ILocator start = ui.Page.GetByRole(AriaRole.Button, new() { Name = "Start the race" });
        await Expect(start).ToBeVisibleAsync();
        await ui.LooksWellAsync("race-before");

        await start.PressAsync("Enter");
        await Expect(ui.Page.GetByRole(AriaRole.Button, new() { Name = "Race again" })).ToBeFocusedAsync();
        await ui.Page.GetByText("As a table").ClickAsync();

        foreach (string way in Ways)
        {
            await Expect(Cell(ui, way, End)).Not.ToHaveTextAsync("–");
        }

        foreach (string pushed in new[] { "Long poll", "Server-sent events", "SignalR" })
        {
            await Expect(Cell(ui, pushed, Median)).ToHaveTextAsync(BelowASecond);
            await Expect(Cell(ui, pushed, Steps)).ToHaveTextAsync(new Regex("^2[0-9]$"));
        }

        await Expect(Cell(ui, "Server-sent events", Requests)).ToHaveTextAsync("1");
        int.Parse((await Cell(ui, "Poll", Requests).TextContentAsync())!, CultureInfo.InvariantCulture).ShouldBeInRange(2, 10);
        await Expect(ui.Page.GetByRole(AriaRole.Region, new() { Name = "All have learnt of the end" })).ToContainTextAsync("The callback came");
        await Expect(ui.Page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("^SignalR: 2[0-9] steps learnt in .* The end learnt after") })).ToBeVisibleAsync();
        await ui.LooksWellAsync("race");

        string operation = (await ui.Page.GetByRole(AriaRole.Link, new() { Name = "Show the operation" }).GetAttributeAsync("href"))!;
        Answer mailbox = await site.Client.GetAsync("/mailboxes/" + operation.Split('/')[^1]);
        mailbox.Json.Number("pending").ShouldBe(0, "The message was acknowledged.");
        await site.EndAsync();
    }

    [Fact(Timeout = 180_000)]
    public async Task Page_RaceStopped_AllLearnThatItWasCanceled()
    {
        await using UiSite site = await UiSite.StartAsync();
        UiPage ui = await site.OpenAsync("/ui/race?length=short");
        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "15 s, 60 steps" }).ClickAsync();
        await Expect(ui.Page).ToHaveURLAsync(new Regex("/ui/race$"));
        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Start the race" }).ClickAsync();
        await Expect(ui.Page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("^Server-sent events: [1-9]") })).ToBeVisibleAsync();

        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();
        await Expect(ui.Page.GetByRole(AriaRole.Heading, new() { Name = "The race is over" })).ToBeVisibleAsync();
        foreach (string way in Ways)
        {
            await Expect(ui.Page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex($"^{way}: .*The end learnt after") })).ToBeVisibleAsync();
        }

        await ui.Page.GetByRole(AriaRole.Link, new() { Name = "Show the operation" }).ClickAsync();
        await Expect(ui.Page).ToHaveTitleAsync(new Regex("^Canceled · race-"));
        await site.EndAsync();
    }

    private static ILocator Cell(UiPage ui, string way, int column) => ui.Page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex($"^{way} ") }).GetByRole(AriaRole.Cell).Nth(column);
}
