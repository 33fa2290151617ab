using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>A CSV file on its way from the page to the server.</summary>
public sealed partial class UploadTests : IDisposable
{
    private const int Rows = 300_000;
    private const double Slow = 500_000;

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Drop_CsvFile_ShowsHowFarItIsAndStarts()
    {
        await using UiSite site = await UiSite.StartAsync();
        UiPage shown = await site.OpenAsync("/ui/submit?type=csv.profile");
        IPage page = shown.Page;
        await shown.LooksWellAsync("submit-file");

        await DropAsync(page);
        await Expect(page.GetByText("large.csv", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("curl command")).ToContainTextAsync("--data-binary @large.csv");
        await SlowDownAsync(page, Slow);
        await SubmitAsync(page);
        await Expect(page.GetByRole(AriaRole.Progressbar, new() { Name = "Sent" })).ToHaveAttributeAsync("aria-valuenow", PartWay());
        await Expect(page.GetByText(new Regex("[KM]B/s"))).ToBeVisibleAsync();
        await SlowDownAsync(page, -1);

        await Expect(page).ToHaveURLAsync(OperationAddress());
        string id = new Uri(page.Url).Segments[^1];
        (await site.Client.WaitForEndAsync($"/operations/csv.profile/{id}")).Number("status").ShouldBe(0);
        (await site.Client.GetAsync($"/operations/csv.profile/{id}/result")).Json.Number("rows").ShouldBe(Rows);
        await site.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Upload_ServerKilledInTheMiddle_IsSentAgainAndStartsOnce()
    {
        await using var server = new MortalServer(_data.Path);
        await server.StartAsync();
        await using Chromium chromium = await UiPage.StartChromiumAsync();
        chromium.ExpectErrors(Chromium.LostConnections);
        Uri address = await server.AskAsync(client => Task.FromResult(client.Address));
        UiPage shown = await UiPage.OpenAsync(chromium, address, "/ui/submit?type=csv.profile");
        IPage page = shown.Page;
        await DropAsync(page);
        string command = await page.GetByLabel("curl command").InnerTextAsync();
        await SlowDownAsync(page, Slow);
        await SubmitAsync(page);
        await Expect(page.GetByRole(AriaRole.Progressbar, new() { Name = "Sent" })).ToHaveAttributeAsync("aria-valuenow", PartWay());

        await server.KillAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The connection was cut at");
        await Expect(page.GetByText("large.csv", new() { Exact = true })).ToBeVisibleAsync();
        await SlowDownAsync(page, -1);
        await shown.LooksWellAsync("submit-cut");
        (await page.GetByLabel("curl command").InnerTextAsync()).ShouldBe(command, "It keeps its id.");
        await server.StartAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(OperationAddress());
        (await server.AskAsync(client => client.GetAsync("/operations/csv.profile"))).Json.GetProperty("operations").GetArrayLength().ShouldBe(1);
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(413, "It is too large", false)]
    [InlineData(415, "It is of a kind that this type does not take", false)]
    [InlineData(429, "Too many requests", true)]
    [InlineData(503, "The server is not ready", true)]
    public async Task Upload_Refused_SaysWhyAndKeepsTheFile(int status, string title, bool again)
    {
        await using UiSite site = await UiSite.StartAsync();
        site.Chromium.ExpectErrors("status of " + status.ToString(CultureInfo.InvariantCulture));
        IPage page = (await site.OpenAsync("/ui/submit?type=csv.profile")).Page;
        await page.RouteAsync("**/operations/csv.profile/*", route => route.FulfillAsync(new() { Status = status, ContentType = "application/problem+json", Body = "{\"title\":\"Refused\"}" }));
        await DropAsync(page);

        await SubmitAsync(page);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(title);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToHaveCountAsync(again ? 1 : 0);
        await page.UnrouteAllAsync();
        await SubmitAsync(page);

        await Expect(page).ToHaveURLAsync(OperationAddress());
        await site.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Upload_Canceled_StaysOnThePage()
    {
        await using UiSite site = await UiSite.StartAsync();
        IPage page = (await site.OpenAsync("/ui/submit?type=csv.profile")).Page;
        await DropAsync(page);
        await SlowDownAsync(page, Slow);
        await SubmitAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Submit", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        (await site.Client.GetAsync("/operations/csv.profile")).Json.GetProperty("operations").GetArrayLength().ShouldBe(0);
        await site.EndAsync();
    }

    /// <summary>Drops a file that the page makes itself: some 10 MB.</summary>
    private static async Task DropAsync(IPage page)
    {
        await Expect(page.GetByText("Drop a file here")).ToBeVisibleAsync();
        IJSHandle transfer = await page.EvaluateHandleAsync("""
            rows => {
              const transfer = new DataTransfer();
              const lines = Array.from({ length: rows }, (_, row) => `${row},some text of a certain length\n`);
              transfer.items.add(new File(['id,text\n', ...lines], 'large.csv', { type: 'text/csv' }));
              return transfer;
            }
            """, Rows);
        await page.Locator("rops-drop-zone").DispatchEventAsync("drop", new { dataTransfer = transfer });
    }

    private static Task SubmitAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Submit", Exact = true }).ClickAsync();

    private static async Task SlowDownAsync(IPage page, double bytesPerSecond)
    {
        ICDPSession devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("Network.enable");
        await devTools.SendAsync("Network.emulateNetworkConditions", new() { ["offline"] = false, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = bytesPerSecond });
    }

    [GeneratedRegex("^[1-9][0-9]?$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PartWay();

    [GeneratedRegex("/ui/operations/csv.profile/[0-9a-z]{26}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OperationAddress();
}
