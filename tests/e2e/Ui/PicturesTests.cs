using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>The README's pictures of the UI, as it is now; docs/images/make.sh takes them from where this leaves them.</summary>
public sealed class PicturesTests
{
    [Fact(Timeout = 180_000)]
    public async Task Pictures_OfTheReadme_AreTaken()
    {
        await using UiSite site = await UiSite.StartAsync("--Execution:Workers=9");
        UiPage ui = await site.OpenAsync("/ui/race?length=short");
        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Start the race" }).ClickAsync();
        await Expect(ui.Page.GetByRole(AriaRole.Heading, new() { Name = "All have learnt of the end" })).ToBeVisibleAsync();
        await TakeAsync(ui, "race", ColorScheme.Light);

        await OperateAsync(site.Client);
        await ui.GoAsync("/");
        await Expect(ui.Page.GetByText(new Regex("^Step (9[0-9]|[1-4][0-9]{2}) of 440$"))).ToBeVisibleAsync();
        await TakeAsync(ui, "board", ColorScheme.Light);
        await TakeAsync(ui, "board", ColorScheme.Dark);

        await ui.GoAsync("/ui/operations/csv.profile/cities");
        await Expect(ui.Page.GetByRole(AriaRole.Region, new() { Name = "Result" }).GetByRole(AriaRole.Row)).Not.ToHaveCountAsync(0);
        await TakeAsync(ui, "operation", ColorScheme.Light);
        await site.EndAsync();
    }

    /// <summary>A day's work: some runs, some waits, some has ended well or badly.</summary>
    private static async Task OperateAsync(GatewayClient client)
    {
        byte[] cities = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "samples/data/cities.csv"), TestContext.Current.CancellationToken);
        (await client.SendAsync(HttpMethod.Put, "/operations/csv.profile/cities?tag.team=maps", GatewayClient.Body(cities, "text/csv"), ("Prefer", "wait=30"))).ShouldBe(200);
        (await client.SendAsync(HttpMethod.Put, "/operations/demo.steps/invoices-october?tag.team=billing", GatewayClient.Body("""{"steps":1,"stepMs":5,"message":"All 4,812 invoices sent."}""", "application/json"), ("Prefer", "wait=30"))).ShouldBe(200);
        (await client.SendAsync(HttpMethod.Put, "/operations/demo.steps/archive-2019?tag.team=records", GatewayClient.Body("""{"steps":3,"stepMs":5,"failAt":2,"message":"The archive's disk is full."}""", "application/json"), ("Prefer", "wait=30"))).ShouldBe(200);
        foreach (int number in Enumerable.Range(1, 13))
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"report-{number:00}");
            string team = number % 3 == 0 ? "maps" : number % 3 == 1 ? "sales" : "records";
            (await client.PutAsync($"/operations/demo.steps/{id}?tag.team={team}", new { steps = 80 + (40 * number), stepMs = 100 + (number % 4 * 25) })).ShouldBe(202);
        }
    }

    private static async Task TakeAsync(UiPage ui, string name, ColorScheme scheme)
    {
        await ui.Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await ui.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(AppContext.BaseDirectory, "TestResults", "screenshots", $"readme-{name}{(scheme is ColorScheme.Dark ? "-dark" : "")}.png"),
            Animations = ScreenshotAnimations.Disabled,
        });
    }
}
