using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Browser;

/// <summary>The README's pages, as they stand there.</summary>
public sealed class ReadmePageTests : IDisposable
{
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Pages_Pasted_ShowLiveProgress()
    {
        string[] blocks = Markdown.Blocks(await Repository.ReadAsync("README.md", TestContext.Current.CancellationToken), "html");
        blocks.Length.ShouldBe(2, "The element, and the three lines.");
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        await using Chromium chromium = await Chromium.StartAsync();
        (await server.Client.PutAsync("/operations/demo.steps/my-first", new { steps = 2000, stepMs = 50 })).ShouldBe(202);

        IPage[] pages = await Task.WhenAll(blocks.Select(block =>
            chromium.OpenAsync(server.Client.Address, block.Replace("http://localhost:5080", server.Client.Address.ToString().TrimEnd('/'), StringComparison.Ordinal))));

        await Expect(pages[0].GetByRole(AriaRole.Progressbar, new() { Name = "My first" })).ToHaveAttributeAsync("aria-valuenow", new Regex("^[1-9][0-9]?$"));
        await Expect(pages[1]).ToHaveTitleAsync(new Regex("^[1-9][0-9]? %$"));
        (await server.Client.PostAsync("/operations/demo.steps/my-first/cancel")).ShouldBe(202);
        await Expect(pages[0].Locator("operation-progress")).ToHaveAttributeAsync("state", "canceled");
        await Expect(pages[1]).ToHaveTitleAsync("100 %");
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }
}
