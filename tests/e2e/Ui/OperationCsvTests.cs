using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>A CSV file that is profiled while its page is open.</summary>
public sealed class OperationCsvTests
{
    private const string Path = "/operations/csv.profile/sales";
    private const string Blocker = "/operations/demo.steps/blocker";
    private const int Rows = 400;

    [Fact(Timeout = 180_000)]
    public async Task Page_CsvProfile_ShowsItWaitThenItsColumns()
    {
        await using UiSite site = await UiSite.StartAsync("--Execution:Workers=1");
        UiPage ui = await site.OpenAsync();
        (await site.Client.PutAsync(Blocker, new { steps = 100_000, stepMs = 100 })).ShouldBe(202);
        await site.Client.WaitForStateAsync(Blocker, "running");
        (await site.Client.SendAsync(HttpMethod.Put, Path + "?tag.team=maps", GatewayClient.Body(Csv(), "text/csv"))).ShouldBe(202);

        await ui.GoAsync("/ui" + Path);
        await Expect(ui.Page.GetByText("Waiting to start")).ToBeVisibleAsync();
        await Expect(ui.Page).ToHaveTitleAsync("0 % · sales · RealtimeOps");
        (await site.Client.PostAsync(Blocker + "/cancel")).ShouldBe(202);
        ILocator result = ui.Page.GetByRole(AriaRole.Region, new() { Name = "Result" });
        await Expect(result.GetByRole(AriaRole.Row)).ToHaveCountAsync(5);
        await Expect(ui.Page).ToHaveTitleAsync("Succeeded · sales · RealtimeOps");
        await Expect(result.GetByRole(AriaRole.Row).Filter(new() { HasText = "amount" })).ToContainTextAsync(new Regex("number.*400.*values", RegexOptions.Singleline));
        await Expect(result.GetByRole(AriaRole.Img)).ToHaveCountAsync(2);
        await Expect(result.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Zürich" })).ToContainTextAsync("50%");

        await result.GetByText("Why rows are bad").ClickAsync();
        await Expect(result.GetByText("expected 4 fields, found 2")).ToBeVisibleAsync();
        await result.GetByRole(AriaRole.Button, new() { Name = "amount" }).ClickAsync();
        await Expect(result.GetByRole(AriaRole.Heading, new() { Name = "Quantiles" })).ToBeVisibleAsync();
        await Expect(ui.Page.GetByRole(AriaRole.Region, new() { Name = "Input", Exact = true })).ToContainTextAsync("text/csv");
        IDownload download = await ui.Page.RunAndWaitForDownloadAsync(() => result.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        download.SuggestedFilename.ShouldBe("sales.json");
        await ui.LooksWellAsync("operation-csv");
        await site.EndAsync();
    }

    private static string Csv() => "id,amount,day,town\n" + string.Concat(Enumerable.Range(1, Rows).Select(row => FormattableString.Invariant(
        $"{row},{row % 97 * row % 31 + 0.5:0.0},2026-{row % 12 + 1:00}-{row % 28 + 1:00},{(row % 2 == 0 ? "Zürich" : row % 4 == 1 ? "Bern" : "ירושלים")}\n"))) + "1,2\n";
}
