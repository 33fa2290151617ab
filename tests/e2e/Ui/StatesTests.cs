using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>The states that nobody draws.</summary>
public sealed class StatesTests : IDisposable
{
    private const string LongId = "a-very-long-name-that-somebody-chose-because-they-wanted-to-say-everything-in-the-id-itself-and-then-some-more-of-it-2026";

    /// <summary>What comes again after a restart comes in several frames.</summary>
    private const int Many = 1_500;

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Board_NothingSubmitted_SaysWhatToDoAndFillsByItself()
    {
        await using UiSite site = await UiSite.StartAsync();
        UiPage shown = await site.OpenAsync();
        await Expect(shown.Page.GetByText("Nothing has been submitted yet")).ToBeVisibleAsync();
        await shown.LooksWellAsync("board-empty");

        (await site.Client.PutAsync("/operations/demo.steps/first", new { steps = 1, stepMs = 0 })).ShouldBe(202);

        await Expect(shown.Page.GetByRole(AriaRole.Link, new() { Name = "first", Exact = true })).ToBeVisibleAsync();
        await site.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Board_NoAnswerYet_ShowsThatItLoadsThenThatItWaits()
    {
        await using UiSite site = await UiSite.StartAsync();
        Blockade blockade = await Blockade.RaiseAsync(site.Chromium.Context, ["signalr", "sse", "poll"]);
        IPage page = await site.Chromium.Context.NewPageAsync();
        var shown = new UiPage(page, site.Client.Address);

        // Looked for beforehand: it is there for some seconds only.
        Task loads = Expect(page.GetByText("Loading the operations")).ToBeAttachedAsync();
        await shown.GoAsync("/");
        await loads;
        await Expect(shown.Page.GetByText("Waiting for the server")).ToBeVisibleAsync();
        await shown.LooksWellAsync("board-waiting");

        blockade.Lift();
        await Expect(shown.Page.GetByText("Nothing has been submitted yet")).ToBeVisibleAsync();
        await site.EndAsync();
    }

    [Fact(Timeout = 180_000)]
    public async Task Board_ServerKilledAndRestarted_KeepsWhatItShowsAndLosesNothing()
    {
        await using var server = new MortalServer(_data.Path);
        await server.StartAsync();
        await using Chromium chromium = await UiPage.StartChromiumAsync();
        chromium.ExpectErrors(Chromium.LostConnections);
        await Parallel.ForEachAsync(Enumerable.Range(0, Many), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken },
            async (_, _) => await server.AskAsync(client => client.SubmitAsync("demo.steps", new { steps = 1, stepMs = 0 }, "?delay=PT1H")));
        (await server.AskAsync(client => client.PutAsync("/operations/demo.steps/lasting", new { steps = 2_000, stepMs = 100 }))).ShouldBe(202);
        Uri address = await server.AskAsync(client => Task.FromResult(client.Address));
        UiPage shown = await UiPage.OpenAsync(chromium, address);
        ILocator grid = shown.Page.GetByRole(AriaRole.Treegrid);
        ILocator banner = shown.Page.GetByText("The server is away");
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", $"{Many + 3}");
        await shown.Page.EvaluateAsync("""
            () => {
              window.fewest = Infinity;
              const page = document.querySelector('rops-app').shadowRoot.querySelector('rops-board-page').shadowRoot;
              const count = () => {
                window.fewest = Math.min(window.fewest, page.querySelector('rops-board-list')?.shadowRoot.querySelector('.grid').ariaRowCount ?? 0);
                requestAnimationFrame(count);
              };
              count();
            }
            """);

        await server.KillAsync();
        await Expect(banner).ToBeVisibleAsync();
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", $"{Many + 3}");
        await shown.LooksWellAsync("board-server-away");
        await server.StartAsync();
        await server.AskAsync(client => client.RunAsync("demo.steps", new { steps = 1, stepMs = 0 }));

        await Expect(banner).ToHaveCountAsync(0, new() { Timeout = 45_000 });
        // One more has ended, and its group has a head.
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", $"{Many + 5}");
        await Expect(shown.Page.Locator(".row", new() { HasText = "lasting" })).ToContainTextAsync("×2");
        (await shown.Page.EvaluateAsync<int>("() => window.fewest")).ShouldBeGreaterThanOrEqualTo(Many + 2, "What was shown must stay in sight throughout; the head of a group may go for a moment.");
        chromium.ShouldHaveReportedNoError();
        await server.StopAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Browser_OfflineAndOnlineAgain_GoesOnByItself()
    {
        await using UiSite site = await UiSite.StartAsync();
        site.Chromium.ExpectErrors(Chromium.LostConnections + "|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_FAILED");
        (await site.Client.PutAsync("/operations/demo.steps/before", new { steps = 1, stepMs = 0 })).ShouldBe(202);
        UiPage shown = await site.OpenAsync();
        await Expect(shown.Page.GetByRole(AriaRole.Link, new() { Name = "before" })).ToBeVisibleAsync();

        await site.Chromium.Context.SetOfflineAsync(true);
        await Expect(shown.Page.GetByText("You are offline")).ToBeVisibleAsync();
        await Expect(shown.Page.GetByRole(AriaRole.Link, new() { Name = "before" })).ToBeVisibleAsync();
        (await site.Client.PutAsync("/operations/demo.steps/meanwhile", new { steps = 1, stepMs = 0 })).ShouldBe(202);
        await site.Chromium.Context.SetOfflineAsync(false);

        await Expect(shown.Page.GetByText("You are offline")).ToHaveCountAsync(0);
        await Expect(shown.Page.GetByRole(AriaRole.Link, new() { Name = "meanwhile" })).ToBeVisibleAsync();
        await Expect(shown.Page.Locator("rops-connection")).ToContainTextAsync("Live");
        await site.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Session_WithCredentials_AsksForAKeyAndAgainWhenItEnds()
    {
        await using UiSite site = await UiSite.StartAsync("--Security:ApiKeys:0:Name", "anna", "--Security:ApiKeys:0:Sha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("annas-key"))), "--Security:ApiKeys:0:Scopes:0", "admin");
        site.Chromium.ExpectErrors("status of 401|Error during WebSocket handshake");
        (await site.Client.SendAsync(HttpMethod.Put, "/operations/demo.steps/annas", new StringContent("""{"steps":1,"stepMs":0}""", Encoding.UTF8, "application/json"), ("X-Api-Key", "annas-key"))).ShouldBe(202);
        UiPage shown = await site.OpenAsync();
        IPage page = shown.Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await shown.LooksWellAsync("sign-in");

        await page.GetByLabel("API key").FillAsync("wrong");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The key is unknown, expired or revoked.");
        await page.GetByLabel("API key").FillAsync("annas-key");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "annas", Exact = true })).ToBeVisibleAsync();
        await Expect(page.Locator("rops-connection")).ToContainTextAsync("Live");

        await page.EvaluateAsync("() => fetch('/session', { method: 'DELETE' })");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "annas", Exact = true })).ToHaveCountAsync(0);
        await site.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Names_LongOrFromRightToLeft_StayInTheirPlace()
    {
        await using UiSite site = await UiSite.StartAsync();
        string message = "اكتمل التقرير السنوي للعمليات، 12 صفحة";
        (await site.Client.PutAsync($"/operations/demo.steps/{LongId}?tag.city={Uri.EscapeDataString("القاهرة")}", new { steps = 1, stepMs = 0, message })).ShouldBe(202);
        (await site.Client.PutAsync("/operations/demo.steps/running", new { steps = 2_000, stepMs = 100 })).ShouldBe(202);
        UiPage shown = await site.OpenAsync();

        await Expect(shown.Page.GetByText(message)).ToHaveCSSAsync("direction", "rtl");
        await shown.LooksWellAsync("board-long-names");
        await shown.Page.EvaluateAsync("() => { document.documentElement.dir = 'rtl'; }");
        await shown.LooksWellAsync("board-right-to-left");

        (await shown.Page.Locator(".row").First.Locator(".state").EvaluateAsync<double>("state => state.getBoundingClientRect().left")).ShouldBeGreaterThan(640, "What begins a line stands on its right.");
        await site.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Address_OfNoPage_LeadsBack()
    {
        await using UiSite site = await UiSite.StartAsync();
        UiPage shown = await site.OpenAsync("/ui/nothing/here");
        await Expect(shown.Page.GetByText("There is no such page")).ToBeVisibleAsync();
        await shown.LooksWellAsync("no-such-page");

        await shown.Page.GetByRole(AriaRole.Link, new() { Name = "Go to the board" }).ClickAsync();

        await Expect(shown.Page).ToHaveURLAsync(site.Client.Address.ToString());
        await Expect(shown.Page.GetByRole(AriaRole.Heading, new() { Name = "Board" })).ToBeFocusedAsync();
        await site.EndAsync();
    }
}
