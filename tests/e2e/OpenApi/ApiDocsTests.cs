using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.E2ETests.Ui;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.OpenApi;

/// <summary><c>/docs</c> in a browser, under its own Content-Security-Policy: whatever that forbids is an error in the console, and fails the test.</summary>
public sealed class ApiDocsTests : IDisposable
{
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task Docs_TriedOut_SubmitsAndShowsTheAnswer()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await UiPage.StartChromiumAsync();
        IPage page = (await UiPage.OpenAsync(chromium, server.Client.Address)).Page;

        await page.GetByRole(AriaRole.Link, new() { Name = "API" }).ClickAsync();
        await Expect(page).ToHaveTitleAsync("RealtimeOps API");
        ILocator submit = Operation(page, "post", "/operations/demo.steps");
        await submit.Locator("button").First.ClickAsync();
        await submit.Locator(".body-param__text").FillAsync("""{"steps": 1, "stepMs": 0, "message": "Tried out."}""");
        await submit.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync();

        await Expect(submit.Locator(".live-responses-table .response .response-col_status")).ToContainTextAsync("202");
        await page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "TestResults", "screenshots", "docs-tried-out.png"), FullPage = false });
        (await server.Client.GetAsync("/operations/demo.steps")).Json.GetProperty("operations").GetArrayLength().ShouldBe(1);
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    /// <summary>A stranger reads what there is; who signs in in the UI sees the types, and may try them out with the session.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Docs_WithCredentials_ShowTypesToWhoHasThem()
    {
        const string sha256OfSecret = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
        await using GatewayProcess server = await GatewayProcess.StartAsync(
            Repository.Server, _data.Path, settings: ["--Security:ApiKeys:0:Name=anna", "--Security:ApiKeys:0:Sha256=" + sha256OfSecret, "--Security:ApiKeys:0:Scopes:0=submit", "--Security:ApiKeys:0:Scopes:1=read"]);
        await using Chromium chromium = await UiPage.StartChromiumAsync();
        IPage page = (await UiPage.OpenAsync(chromium, server.Client.Address, "/docs/index.html")).Page;
        await Expect(page.Locator(".opblock-summary-path").First).ToBeVisibleAsync();
        await Expect(page.GetByText(new Regex("demo.steps"))).ToHaveCountAsync(0);

        await page.EvaluateAsync("async () => { const answer = await fetch('/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ key: 'secret' }) }); if (!answer.ok) throw new Error(await answer.text()); }");
        await page.ReloadAsync();

        await Expect(Operation(page, "post", "/operations/demo.steps")).ToBeVisibleAsync();
        ILocator list = Operation(page, "get", "/operations");
        await list.Locator("button").First.ClickAsync();
        await list.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync();
        await Expect(list.Locator(".live-responses-table .response .response-col_status")).ToContainTextAsync("200");
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    private static ILocator Operation(IPage page, string method, string path) => page.Locator($".opblock-{method}", new() { Has = page.Locator($"[data-path='{path}']") });
}
