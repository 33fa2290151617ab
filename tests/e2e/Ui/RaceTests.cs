using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>One operation, waited for in all five ways side by side.</summary>
public sealed partial class RaceTests : IDisposable
{
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Race_AllFiveWays_LearnTheEnd()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await UiPage.StartChromiumAsync();
        UiPage shown = await UiPage.OpenAsync(chromium, server.Client.Address, "/ui/race");
        IPage page = shown.Page;
        await shown.LooksWellAsync("race");
        string? mailbox = null;
        page.Request += (_, request) => mailbox = request is { Method: "GET" } && request.Url.Contains("/mailboxes/", StringComparison.Ordinal) ? new Uri(request.Url).AbsolutePath : mailbox;

        await page.GetByRole(AriaRole.Button, new() { Name = "Start the race" }).ClickAsync();
        await Expect(page.Locator("[data-way=sse] circle").Nth(2)).ToBeVisibleAsync();
        await Expect(page.GetByText("The operation took")).ToBeVisibleAsync();
        await page.GetByText("How this is measured").ClickAsync();
        await shown.LooksWellAsync("race-over");

        foreach (string way in new[] { "poll", "longpoll", "sse", "signalr", "callback" })
        {
            await Expect(page.Locator($"[data-way={way}] .end")).ToHaveCountAsync(1);
        }

        foreach (string pushed in new[] { "longpoll", "sse", "signalr" })
        {
            (await page.Locator($"[data-way={pushed}] circle").CountAsync()).ShouldBeGreaterThan(10, "It was told of the changes one by one.");
            (await MillisecondsAsync(page, pushed, "Behind")).ShouldBeLessThan(1000);
            (await MillisecondsAsync(page, pushed, "End")).ShouldBeLessThan(1000);
        }

        (await MillisecondsAsync(page, "callback", "End")).ShouldBeLessThan(1000);
        (await RequestsAsync(page, "sse")).ShouldBe(1);
        (await RequestsAsync(page, "signalr")).ShouldBe(2);
        (await RequestsAsync(page, "callback")).ShouldBe(1);
        (await RequestsAsync(page, "poll")).ShouldBeInRange(2, 8, "It came as often as Retry-After said, in whole seconds.");
        (await RequestsAsync(page, "longpoll")).ShouldBeGreaterThan(10);
        (await server.Client.GetAsync(mailbox.ShouldNotBeNull())).Json.GetProperty("messages").GetArrayLength().ShouldBe(0, "It was cleared.");
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Race_Canceled_IsLearntByAll()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await UiPage.StartChromiumAsync();
        IPage page = (await UiPage.OpenAsync(chromium, server.Client.Address, "/ui/race")).Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "15 s" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the race" }).ClickAsync();
        await Expect(page.Locator("[data-way=signalr] circle").Nth(2)).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Expect(page.Locator(".end")).ToHaveCountAsync(5);
        await page.GetByRole(AriaRole.Link, new() { Name = "The operation" }).ClickAsync();
        await Expect(page.GetByText("Canceled", new() { Exact = true }).First).ToBeVisibleAsync();
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    private static async Task<double> MillisecondsAsync(IPage page, string way, string label)
    {
        Match match = Duration().Match(await FigureAsync(page, way, label));
        match.Success.ShouldBeTrue($"{way}: {label}");
        return double.Parse(match.Groups["amount"].Value, CultureInfo.InvariantCulture) * (match.Groups["unit"].Value == "s" ? 1000 : 1);
    }

    private static async Task<int> RequestsAsync(IPage page, string way) => int.Parse((await FigureAsync(page, way, "Requests")).Trim(' ', '≈'), CultureInfo.InvariantCulture);

    private static async Task<string> FigureAsync(IPage page, string way, string label) =>
        (await page.Locator($"[data-way={way}] .figure").Filter(new() { HasText = label }).TextContentAsync())![label.Length..];

    [GeneratedRegex(@"(?<amount>[\d.]+) (?<unit>ms|s)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duration();
}
