using System.Text.Json;
using Microsoft.Playwright;
using RealtimeOps.E2ETests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>The web UI in a window, with what every page of it has to stand: axe-core's rules, and a look at each width in both themes.</summary>
internal sealed class UiPage(IPage page, Uri gateway)
{
    private static readonly int[] Widths = [390, 1024, 1600];

    public IPage Page => page;

    /// <summary>Starts Chromium with a window of an ordinary laptop.</summary>
    public static Task<Chromium> StartChromiumAsync() => Chromium.StartAsync(new ViewportSize { Width = 1280, Height = 800 });

    /// <summary>Opens a path of the UI in a new tab.</summary>
    public static async Task<UiPage> OpenAsync(Chromium chromium, Uri gateway, string path = "/")
    {
        var shown = new UiPage(await chromium.Context.NewPageAsync(), gateway);
        await shown.GoAsync(path);
        return shown;
    }

    public Task GoAsync(string path) => page.GotoAsync(new Uri(gateway, path).ToString());

    /// <summary>
    /// No rule of axe-core is broken, and nothing is wider than the window; in both themes, at each width. What it looked like is kept beside the
    /// test program, in <c>TestResults/screenshots</c>.
    /// </summary>
    /// <param name="name">What the screenshots are called.</param>
    public async Task LooksWellAsync(string name)
    {
        PageViewportSizeResult window = page.ViewportSize!;
        foreach (int width in Widths)
        {
            await page.SetViewportSizeAsync(width, width < 600 ? 844 : window.Height);
            foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                await page.ScreenshotAsync(new() { Path = PathOf($"ui-{name}-{width}-{(scheme is ColorScheme.Dark ? "dark" : "light")}"), Animations = ScreenshotAnimations.Disabled });
                (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0, $"{name} is wider than a window of {width} px.");
                await IsAccessibleAsync($"{name}, {width} px, {scheme}");
            }
        }

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Null, ReducedMotion = ReducedMotion.Null });
        await page.SetViewportSizeAsync(window.Width, window.Height);
    }

    private async Task IsAccessibleAsync(string where)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            // Evaluated, not put into the page: its Content-Security-Policy stays as it is.
            await page.EvaluateAsync(await Repository.ReadAsync("src/Web/node_modules/axe-core/axe.min.js", TestContext.Current.CancellationToken));
        }

        JsonElement violations = await page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(rule => `${rule.id}: ${rule.help}: ${rule.nodes.map(node => node.target.flat().join(' ') + ' ' + (node.any[0]?.message ?? '')).join(', ')}`)");
        violations.EnumerateArray().Select(violation => violation.GetString()).ShouldBeEmpty(where);
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "TestResults", "screenshots", name + ".png");
}
