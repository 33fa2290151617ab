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
        chromium.ExpectErrors(Chromium.LostConnections);
        (await server.AskAsync(client => client.PutAsync(Path, new { steps = 6000, stepMs = 100 }))).ShouldBe(202);
        Uri address = await server.AskAsync(client => Task.FromResult(client.Address));
        UiPage ui = await UiPage.OpenAsync(chromium, address, "/ui" + Path);
        await Expect(ui.Page.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("aria-valuenow", new Regex("^[1-9][0-9]?$"));

        await server.KillAsync();
        await Expect(ui.Page.GetByText("The server cannot be reached.")).ToBeVisibleAsync();
        await ui.LooksWellAsync("operation-offline");
        await server.StartAsync();
        await Expect(ui.Page.GetByText("The server cannot be reached.")).ToBeHiddenAsync(new() { Timeout = 60_000 });
        await server.AskAsync(client => client.WaitAsync(Path, status => status.Number("attempt") == 2));
        (await server.AskAsync(client => client.PostAsync(Path + "/cancel"))).ShouldBe(202);
        await Expect(ui.Page).ToHaveTitleAsync("Canceled · watched · RealtimeOps", new() { Timeout = 60_000 });
        await Expect(ui.Page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("attempt 1 ran .*, failed; attempt 2 ran .*, canceled") })).ToBeVisibleAsync();
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }
}
