using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Browser;

/// <summary><c>&lt;operation-progress&gt;</c> as a page's author meets it: a script tag, an element, no code.</summary>
public sealed class ElementTests : IDisposable
{
    private const string Path = "/operations/demo.steps/yearly";
    private const string Blocker = "/operations/demo.steps/blocker";
    private const string Blue = "rgb(37, 99, 235)";
    private const string LightBlue = "rgb(77, 141, 246)";

    private static readonly Uri OtherOrigin = new("http://localhost:8081");

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Element_OnAPageWithoutCode_ShowsLiveProgressToTheEnd(bool ofAnotherOrigin)
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path, settings: ["--Execution:Workers=1", "--Cors:Origins:0", OtherOrigin.GetLeftPart(UriPartial.Authority)]);
        await using Chromium chromium = await Chromium.StartAsync();
        (await server.Client.PutAsync(Blocker, new { steps = 100_000, stepMs = 100 })).ShouldBe(202);
        await server.Client.WaitForStateAsync(Blocker, "running");
        (await server.Client.PutAsync(Path, new { steps = 40, stepMs = 200, message = "All forty done." })).ShouldBe(202);

        ElementPage shown = await ElementPage.OpenAsync(chromium, server.Client.Address, Path, origin: ofAnotherOrigin ? OtherOrigin : null);
        await Expect(shown.Element).ToHaveAttributeAsync("state", "queued");
        (await server.Client.PostAsync(Blocker + "/cancel")).ShouldBe(202);
        ILocator bar = shown.Page.GetByRole(AriaRole.Progressbar, new() { Name = "Yearly report" });
        await Expect(bar).ToHaveAttributeAsync("aria-valuetext", new Regex(@"^\d+ %: Step \d+ of 40$"));
        await Expect(shown.Element).ToHaveAttributeAsync("state", "running");
        await SaveAsync(shown.Page, ofAnotherOrigin ? "running-other-origin" : "running");
        await shown.EndsAsync();

        await Expect(bar).ToHaveAttributeAsync("aria-valuenow", "100");
        await Expect(bar).ToHaveAttributeAsync("aria-valuetext", "Done: All forty done.");
        await Expect(shown.Element).ToHaveAttributeAsync("state", "succeeded");
        await Expect(shown.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Yearly report: Done: All forty done.");
        JsonElement[] seen = await shown.SeenAsync();
        int[] values = [.. seen.Where(status => status.Text("state") != "queued").Select(status => int.Parse(status.Text("shown")!, CultureInfo.InvariantCulture))];
        values.ShouldBeInOrder();
        values.Distinct().Count().ShouldBeGreaterThan(10, "It is live, not only the beginning and the end.");
        seen.Select(status => status.Number("version")!.Value).ShouldBeInOrder();
        seen.Count(status => status.Number("progress") == 100).ShouldBe(1);
        await SaveAsync(shown.Page, ofAnotherOrigin ? "done-other-origin" : "done");
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Element_FailedOperation_SaysWhy()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await Chromium.StartAsync();
        (await server.Client.PutAsync(Path, new { steps = 10, stepMs = 20, failAt = 7, failStatus = 507, message = "The disk is full." })).ShouldBe(202);

        ElementPage shown = await ElementPage.OpenAsync(chromium, server.Client.Address, Path);
        await shown.EndsAsync();

        await Expect(shown.Element).ToHaveAttributeAsync("state", "failed");
        await Expect(shown.Element.Locator("[part=value]")).ToHaveTextAsync("Failed");
        await Expect(shown.Element.Locator("[part=detail]")).ToHaveTextAsync("The disk is full.");
        await SaveAsync(shown.Page, "failed");
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Element_UnknownOperation_SaysSoAndStops()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await Chromium.StartAsync();
        chromium.ExpectErrors("status of 404 .*/operations/demo.steps/nowhere");

        ElementPage shown = await ElementPage.OpenAsync(chromium, server.Client.Address, "/operations/demo.steps/nowhere");

        await Expect(shown.Element.Locator("[part=detail]")).ToContainTextAsync("no such operation", new() { IgnoreCase = true });
        await SaveAsync(shown.Page, "unknown");
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Element_ReducedMotionDarkPagesAndOwnColours_AreFollowed()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await Chromium.StartAsync();
        (await server.Client.PutAsync(Path, new { steps = 2000, stepMs = 400 })).ShouldBe(202);
        ElementPage shown = await ElementPage.OpenAsync(chromium, server.Client.Address, Path);
        ILocator bar = shown.Element.Locator("[part=bar]");
        await Expect(shown.Element).ToHaveAttributeAsync("state", "running");

        await Expect(bar).ToHaveCSSAsync("background-color", Blue);
        await Expect(bar).ToHaveCSSAsync("transition-duration", "0.3s, 0.3s");
        await shown.Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await Expect(bar).ToHaveCSSAsync("transition-duration", "0s");
        await shown.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Expect(bar).ToHaveCSSAsync("background-color", LightBlue);
        await SaveAsync(shown.Page, "dark");
        await shown.Page.AddStyleTagAsync(new() { Content = "operation-progress { --operation-progress-color: rgb(160, 60, 200); --operation-progress-height: 1rem }" });
        await Expect(bar).ToHaveCSSAsync("background-color", "rgb(160, 60, 200)");
        await Expect(bar).ToHaveCSSAsync("height", "16px");
        await SaveAsync(shown.Page, "own-colour");

        (await server.Client.PostAsync(Path + "/cancel")).ShouldBe(202);
        await Expect(shown.Element).ToHaveAttributeAsync("state", "canceled");
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    /// <summary>For whoever wants to look: beside the test program, in TestResults/screenshots.</summary>
    private static Task SaveAsync(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = System.IO.Path.Combine(AppContext.BaseDirectory, "TestResults", "screenshots", $"element-{name}.png"), Animations = ScreenshotAnimations.Disabled });
}
