using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeOps.TestSupport;
using Shouldly;

namespace RealtimeOps.E2ETests.Support;

/// <summary>Debian's Chromium with one user's context. What a console or a script reports as an error fails the test, unless it expects it.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    /// <summary>What it says of the connections that a server takes with it when it dies.</summary>
    public const string LostConnections = "ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_CONNECTION_CLOSED|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_SOCKET_NOT_CONNECTED|WebSocket connection to .* failed";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly List<Regex> _expected = [];

    private Chromium(IPlaywright playwright, IBrowser browser, IBrowserContext context)
    {
        (_playwright, _browser, Context) = (playwright, browser, context);
        context.SetDefaultTimeout((float)Limits.Limit.TotalMilliseconds);
        context.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Enqueue($"{message.Text} ({message.Location})");
            }
        };
        context.WebError += (_, error) => _errors.Enqueue(error.Error);
    }

    public IBrowserContext Context { get; }

    public static Task<Chromium> StartAsync() => StartAsync(new ViewportSize { Width = 480, Height = 160 });

    public static async Task<Chromium> StartAsync(ViewportSize window)
    {
        Repository.RequireWeb();
        string executable = await DebianPackage.Chromium.RequireAsync();
        IPlaywright playwright = await Playwright.CreateAsync().Limited();
        Assertions.SetDefaultExpectTimeout((float)Limits.Limit.TotalMilliseconds);
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            // A page that the test answers itself comes from no address: Chromium would take it for one of the public Internet, which may not call this machine.
            Args = ["--no-sandbox", "--disable-background-networking", "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets"],
        }).Limited();
        return new Chromium(playwright, browser, await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = window }));
    }

    /// <summary>A page of that origin, be there a server or not, with this body.</summary>
    public async Task<IPage> OpenAsync(Uri origin, string body)
    {
        var address = new Uri(origin, "/page.html");
        IPage page = await Context.NewPageAsync();
        await page.RouteAsync(address.ToString(), route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html; charset=utf-8",
            Body = $$"""
                <!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
                <style>body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem }</style>
                {{body}}
                """,
        }));
        await page.GotoAsync(address.ToString());
        return page;
    }

    public void ExpectErrors(string pattern) => _expected.Add(new Regex(pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)));

    public void ShouldHaveReportedNoError() => _errors.Where(error => !_expected.Any(expected => expected.IsMatch(error))).ShouldBeEmpty();

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }
}
