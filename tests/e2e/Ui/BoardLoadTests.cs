using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>Thousands of operations on the board, two hundred of which move.</summary>
[Collection(Alone.Name)]
public sealed class BoardLoadTests(ITestOutputHelper output)
{
    private const int Running = 200;
    private const int Frames = 240;
    private const double Limit = 16;
    private const double Nominal = 1000 / 60.0;

    /// <summary>Few are ever in the page, however many there are.</summary>
    private const int MostRows = 60;

    [Theory(Timeout = 240_000)]
    [InlineData(5_000)]
    [InlineData(10_000)]
    public async Task Board_ThousandsOfOperations_TakesLessThanAFrame(int operations)
    {
        await using UiSite site = await UiSite.StartAsync("--Execution:Workers", Running.ToString(CultureInfo.InvariantCulture));
        await SubmitAsync(site.Client, operations - Running, "?delay=PT1H", new { steps = 1, stepMs = 0 });
        await SubmitAsync(site.Client, Running, "", new { steps = 5_000, stepMs = 100 });
        IPage page = (await site.OpenAsync()).Page;
        await page.SetViewportSizeAsync(1600, 900);
        await Expect(page.GetByRole(AriaRole.Treegrid)).ToHaveAttributeAsync("aria-rowcount", (operations + 2).ToString(CultureInfo.InvariantCulture));
        await Expect(page.Locator(".head").First).ToContainTextAsync($"Running {Running}");
        (await page.Locator(".row").CountAsync()).ShouldBeLessThan(MostRows);

        double still = await MeasureAsync(page, "still", scroll: 0);
        double scrolling = await MeasureAsync(page, "scrolling", scroll: 60);

        still.ShouldBeLessThan(Limit);
        scrolling.ShouldBeLessThan(Limit);
        site.Chromium.ShouldHaveReportedNoError();
    }

    private static Task SubmitAsync(GatewayClient client, int count, string query, object input) => Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken }, async (_, _) => await client.SubmitAsync("demo.steps", input, query));

    /// <summary>What a frame costs the page's thread, in milliseconds of its own time: that holds on a busy machine too, where frames come when they can.</summary>
    private async Task<double> MeasureAsync(IPage page, string name, int scroll)
    {
        ICDPSession session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });
        double before = await ThreadTimeAsync(session);
        JsonElement frames = await page.EvaluateAsync<JsonElement>("""
            ([count, by]) => new Promise(resolve => {
              const list = document.querySelector('rops-app').shadowRoot.querySelector('rops-board-page').shadowRoot.querySelector('rops-board-list');
              const [times, long] = [[], []];
              new PerformanceObserver(seen => long.push(...seen.getEntries().map(task => Math.round(task.duration)))).observe({ type: 'longtask' });
              const start = performance.now();
              let last = start;
              const frame = now => {
                times.push(now - last);
                last = now;
                list.scrollTop += by;
                if (times.length < count) {
                  requestAnimationFrame(frame);
                } else {
                  times.sort((a, b) => a - b);
                  resolve({ took: now - start, median: times[count >> 1], p95: times[Math.floor(count * .95)], long });
                }
              };
              requestAnimationFrame(frame);
            })
            """, new[] { Frames, scroll });
        // Where frames are late, each carries what happened meanwhile: the time has as many as a screen shows.
        double perFrame = (await ThreadTimeAsync(session) - before) * 1000 / Math.Max(Frames, frames.GetProperty("took").GetDouble() / Nominal);
        output.WriteLine($"{name}: {perFrame:0.00} ms of the page's thread a frame; on this machine a frame every {frames.GetProperty("median").GetDouble():0.0} ms (p95 {frames.GetProperty("p95").GetDouble():0.0} ms), long tasks {frames.GetProperty("long")}");
        await session.DetachAsync();
        return perFrame;
    }

    private static async Task<double> ThreadTimeAsync(ICDPSession session) =>
        (await session.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray().Single(metric => metric.Text("name") == "TaskDuration").GetProperty("value").GetDouble();
}
