using System.Text.Json;
using Microsoft.Playwright;

namespace RealtimeOps.E2ETests.Support;

/// <summary>A page that holds the script tag and one element, and nothing else; the test listens to the element.</summary>
internal sealed class ElementPage
{
    private ElementPage(IPage page) => Page = page;

    public IPage Page { get; }

    public ILocator Element => Page.Locator("operation-progress");

    /// <param name="chromium">The browser.</param>
    /// <param name="gateway">Where the script and the operation are.</param>
    /// <param name="path">The operation's.</param>
    /// <param name="attributes">More of the element's attributes.</param>
    /// <param name="origin">The page's own, where it is not the gateway's.</param>
    public static async Task<ElementPage> OpenAsync(Chromium chromium, Uri gateway, string path, string attributes = "", Uri? origin = null) => new(await chromium.OpenAsync(origin ?? gateway, $$"""
        <script type="module" src="{{new Uri(gateway, "/operation-progress.js")}}"></script>
        <operation-progress src="{{new Uri(gateway, path)}}" label="Yearly report" {{attributes}}></operation-progress>
        <script>
          const element = document.querySelector('operation-progress');
          const [seen, transports] = [[], []];
          element.addEventListener('status', event => seen.push({ ...event.detail, shown: element.shadowRoot.querySelector('[role=progressbar]').ariaValueNow }));
          element.addEventListener('transport', event => transports.push({ name: event.detail, at: performance.now() }));
        </script>
        """));

    /// <summary>Waits until that transport is at work, and answers how long it took from the moment that the element was there.</summary>
    public async Task<TimeSpan> ReachesAsync(string transport, TimeSpan? limit = null)
    {
        await Page.WaitForFunctionAsync("name => transports.at(-1)?.name === name", transport, new() { Timeout = (float?)limit?.TotalMilliseconds });
        return TimeSpan.FromMilliseconds(await Page.EvaluateAsync<double>("""
            name => transports.find(used => used.name === name).at - performance.getEntriesByName(document.querySelector('script[src]').src)[0].responseEnd
            """, transport));
    }

    /// <summary>Waits for some more snapshots.</summary>
    public async Task ProgressesAsync() => await Page.WaitForFunctionAsync("count => seen.length > count + 2", await Page.EvaluateAsync<int>("() => seen.length"));

    public Task EndsAsync() => Page.WaitForFunctionAsync("() => seen.at(-1)?.progress === 100");

    /// <summary>All snapshots that the element has told of, each with the <c>aria-valuenow</c> of that moment as <c>shown</c>.</summary>
    public async Task<JsonElement[]> SeenAsync() => [.. (await Page.EvaluateAsync<JsonElement>("() => seen")).EnumerateArray()];
}
