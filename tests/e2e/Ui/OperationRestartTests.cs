using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>A page that watches while its server dies and comes back.</summary>
public sealed class OperationRestartTests : IDisposable
{
    private const string Path = "/operations/demo.steps/watched";

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 240_000)]
    public async Task Page_ServerKilledAndRestarted_SaysSoAndShowsTheEnd()
    {
        await using var server = new MortalServer(_data.Path);
        await server.StartAsync();
        await using Chromium chromium = await UiPage.StartChromiumAsync();
        chromium.ExpectErrors("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE");
        (await server.AskAsync(client => client.PutAsync(Path, new { steps = 100, stepMs = 100, message = "Survived." }))).ShouldBe(202);
        Uri address = await server.AskAsync(client => Task.FromResult(client.Address));
        UiPage ui = await UiPage.OpenAsync(chromium, address, "/ui" + Path);
        await Expect(ui.Page.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("aria-valuenow", new Regex("^[1-9][0-9]?$"));

        await server.KillAsync();
        await Expect(ui.Page.GetByText("The server cannot be reached.")).ToBeVisibleAsync();
        await ui.LooksWellAsync("operation-offline");
        await server.StartAsync();
        await Expect(ui.Page.GetByText("The server cannot be reached.")).ToBeHiddenAsync(new() { Timeout = 60_000 });
        await Expect(ui.Page).ToHaveTitleAsync("Succeeded · watched · RealtimeOps", new() { Timeout = 60_000 });
        await Expect(ui.Page.GetByRole(AriaRole.Region, new() { Name = "Progress" })).ToContainTextAsync("Survived.");
        await Expect(ui.Page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("attempt 1 ran .*, failed; attempt 2 ran .*, succeeded") })).ToBeVisibleAsync();
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }
}
